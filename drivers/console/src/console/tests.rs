use super::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A machine that echoes, after `refusals` attempts that end with `refusal`.
struct Echo {
    dialled: AtomicUsize,
    refusals: usize,
    refusal: LineError,
    heard: Mutex<Vec<Keys>>,
    closed: AtomicUsize,
    /// Somebody else has the line, and keeps it from who does not take it.
    occupied: AtomicBool,
}

impl Echo {
    fn new(refusals: usize, refusal: LineError) -> Arc<Self> {
        Arc::new(Echo {
            dialled: AtomicUsize::new(0),
            refusals,
            refusal,
            heard: Mutex::default(),
            closed: AtomicUsize::new(0),
            occupied: AtomicBool::new(false),
        })
    }

    fn good() -> Arc<Self> {
        Echo::new(0, LineError::Passing(String::new()))
    }

    fn dialled(&self) -> usize {
        self.dialled.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl Line for Echo {
    async fn carry(&self, mut ends: LineEnds) -> Result<(), LineError> {
        if self.dialled.fetch_add(1, Ordering::SeqCst) < self.refusals {
            return Err(self.refusal.clone());
        }
        if self.occupied.load(Ordering::SeqCst) && !ends.takes_over {
            return Err(LineError::Taken("somebody else has it".into()));
        }
        self.occupied.store(false, Ordering::SeqCst);
        ends.show(LineEvent::Up).await;
        while let Some(keys) = ends.keys.recv().await {
            self.heard.lock().unwrap().push(keys.clone());
            match keys {
                Keys::Characters(text) if &text[..] == b"drop" => {
                    return Err(LineError::Passing("the BMC went away".into()));
                }
                Keys::Characters(text) if &text[..] == b"close" => {
                    return Err(LineError::Closed("the BMC closed it".into()));
                }
                Keys::Characters(text) => {
                    ends.show(LineEvent::Output(text)).await;
                }
                Keys::Break => {}
            }
        }
        self.closed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct Stage {
    console: Console,
    stop: CancellationToken,
    work: tokio::task::JoinHandle<()>,
}

fn stage(line: &Arc<Echo>, seats: usize) -> Stage {
    let stop = CancellationToken::new();
    let (console, work) = Console::new(Parts {
        node: Uuid::random(),
        line: line.clone(),
        seats,
        recording: None,
        stop: stop.clone(),
    });
    Stage {
        console,
        stop,
        work: tokio::spawn(work),
    }
}

/// Reads until the text was shown; returns everything shown.
async fn until(seat: &mut Seat, text: &str) -> String {
    let mut shown = String::new();
    while !shown.contains(text) {
        let piece = seat
            .output()
            .await
            .unwrap_or_else(|| panic!("ended: {shown:?}"));
        shown.push_str(&String::from_utf8_lossy(&piece));
    }
    shown
}

async fn type_in(seat: &Seat, text: &'static str) {
    let keys = Keys::Characters(Bytes::from_static(text.as_bytes()));
    seat.keys().send(keys).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn everybody_sees_the_same_and_who_comes_later_sees_what_was() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    let mut one = stage.console.join("one").await.unwrap();
    until(&mut one, "connected").await;
    type_in(&one, "uname\r").await;
    until(&mut one, "uname\r").await;
    let mut two = stage.console.join("two").await.unwrap();
    until(&mut two, "uname\r").await;
    type_in(&two, "from two").await;
    until(&mut one, "from two").await;
    until(&mut two, "from two").await;
    assert_eq!(line.dialled(), 1, "one line for both");
}

#[tokio::test(start_paused = true)]
async fn the_line_is_open_only_while_somebody_is_there() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(line.dialled(), 0);
    let mut seat = stage.console.join("one").await.unwrap();
    until(&mut seat, "connected").await;
    drop(seat);
    while line.closed.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut again = stage.console.join("two").await.unwrap();
    let shown = until(&mut again, "connected").await;
    assert!(!shown.contains("uname"), "a new line, nothing old");
    assert_eq!(line.dialled(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_lost_line_is_opened_again_with_growing_pauses() {
    let line = Echo::new(3, LineError::Passing("no answer".into()));
    let stage = stage(&line, 3);
    let began = Instant::now();
    let mut seat = stage.console.join("one").await.unwrap();
    let shown = until(&mut seat, "connected").await;
    assert_eq!(shown.matches("no answer").count(), 3);
    assert_eq!(began.elapsed().as_secs(), 1 + 2 + 4);
    type_in(&seat, "drop").await;
    let shown = until(&mut seat, "connected").await;
    assert!(shown.contains("the BMC went away"), "{shown}");
    assert_eq!(line.dialled(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_refused_password_is_not_tried_again_by_itself() {
    let line = Echo::new(9, LineError::Refused("wrong\x1b[2J password".into()));
    let stage = stage(&line, 3);
    let mut seat = stage.console.join("one").await.unwrap();
    let shown = until(&mut seat, "password").await;
    assert!(
        !shown.contains('\x1b'),
        "nothing of a BMC's words steers the terminal"
    );
    assert_eq!(seat.output().await, None, "disconnected");
    // Somebody who connects over and over again does not lock the account either.
    for _ in 0..20 {
        let mut seat = stage.console.join("again").await.unwrap();
        until(&mut seat, "tried again in").await;
    }
    assert_eq!(line.dialled(), 1);
    tokio::time::sleep(REFUSED).await;
    let mut seat = stage.console.join("later").await.unwrap();
    until(&mut seat, "password").await;
    assert_eq!(line.dialled(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_disconnected_and_delays_nobody() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    let mut reader = stage.console.join("reader").await.unwrap();
    let mut sleeper = stage.console.join("sleeper").await.unwrap();
    until(&mut reader, "connected").await;
    for _ in 0..OUTPUT_WAITING + 10 {
        type_in(&reader, "x").await;
        until(&mut reader, "x").await;
    }
    let mut pieces = 0;
    while sleeper.output().await.is_some() {
        pieces += 1;
    }
    assert_eq!(pieces, OUTPUT_WAITING);
}

#[tokio::test(start_paused = true)]
async fn seats_are_limited_and_breaks_arrive() {
    let line = Echo::good();
    let stage = stage(&line, 1);
    let mut seat = stage.console.join("one").await.unwrap();
    assert!(stage.console.join("two").await.is_none());
    until(&mut seat, "connected").await;
    seat.keys().send(Keys::Break).await.unwrap();
    type_in(&seat, "after").await;
    until(&mut seat, "after").await;
    assert_eq!(line.heard.lock().unwrap()[0], Keys::Break);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_console_closes_its_line_and_lets_everybody_go() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    let mut seat = stage.console.join("one").await.unwrap();
    until(&mut seat, "connected").await;
    stage.stop.cancel();
    stage.work.await.unwrap();
    assert_eq!(seat.output().await, None);
    assert_eq!(line.closed.load(Ordering::SeqCst), 1);
    assert!(stage.console.join("late").await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_line_that_somebody_else_took_is_theirs_until_somebody_comes() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    let mut seat = stage.console.join("one").await.unwrap();
    until(&mut seat, "connected").await;
    line.occupied.store(true, Ordering::SeqCst);
    type_in(&seat, "close").await;
    let shown = until(&mut seat, "takes it back").await;
    assert!(shown.contains("the BMC closed it"), "{shown}");
    assert_eq!(seat.output().await, None, "disconnected");
    tokio::time::sleep(REFUSED).await;
    assert_eq!(line.dialled(), 2, "asked for once, politely");
    let mut seat = stage.console.join("back").await.unwrap();
    until(&mut seat, "connected").await;
    assert!(!line.occupied.load(Ordering::SeqCst), "taken back");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_closed_and_is_free_is_opened_again() {
    let line = Echo::good();
    let stage = stage(&line, 3);
    let mut seat = stage.console.join("one").await.unwrap();
    until(&mut seat, "connected").await;
    type_in(&seat, "close").await;
    until(&mut seat, "connected").await;
    type_in(&seat, "on").await;
    until(&mut seat, "on").await;
    assert_eq!(line.dialled(), 2);
}
