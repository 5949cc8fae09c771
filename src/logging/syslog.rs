//! Messages to the local syslog socket (RFC 3164, as `syslog(3)` writes them).

use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Where syslog daemons and journald listen.
pub(super) const SOCKET: &str = "/dev/log";

/// Longest message (bytes); the rest is cut off.
const MAX_MESSAGE: usize = 8 * 1024;

/// Names of facilities and their numbers (RFC 3164).
const FACILITIES: &[(&str, u8)] = &[
    ("KERN", 0),
    ("USER", 1),
    ("MAIL", 2),
    ("DAEMON", 3),
    ("AUTH", 4),
    ("SYSLOG", 5),
    ("LPR", 6),
    ("NEWS", 7),
    ("UUCP", 8),
    ("CRON", 9),
    ("AUTHPRIV", 10),
    ("FTP", 11),
    ("LOCAL0", 16),
    ("LOCAL1", 17),
    ("LOCAL2", 18),
    ("LOCAL3", 19),
    ("LOCAL4", 20),
    ("LOCAL5", 21),
    ("LOCAL6", 22),
    ("LOCAL7", 23),
];

/// What kind of program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facility(u8);

impl Facility {
    /// By its name in any case, with or without `LOG_` in front.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.to_uppercase();
        let name = name.strip_prefix("LOG_").unwrap_or(&name);
        let known = FACILITIES.iter().find(|(known, _)| *known == name)?;
        Some(Facility(known.1))
    }
}

/// A syslog daemon, which may come and go.
pub(super) struct Syslog {
    path: PathBuf,
    facility: Facility,
    tag: String,
    socket: Mutex<Option<UnixDatagram>>,
}

impl Syslog {
    pub(super) fn new(path: &Path, facility: Facility, program: &str) -> Self {
        Syslog {
            path: path.to_owned(),
            facility,
            tag: format!("{program}[{}]", std::process::id()),
            socket: Mutex::default(),
        }
    }

    /// Sends a message, over a new connection if the daemon was restarted.
    fn send(&self, message: &[u8]) -> io::Result<()> {
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = socket.as_ref() {
            match open.send(message) {
                // Full: a message less is better than a service that waits.
                Err(why) if why.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(_) => *socket = None,
                Ok(_) => return Ok(()),
            }
        }
        let open = UnixDatagram::unbound()?;
        open.set_nonblocking(true)?;
        open.connect(&self.path)?;
        open.send(message)?;
        *socket = Some(open);
        Ok(())
    }
}

/// One message, sent when it is dropped.
pub(super) struct Line<'a> {
    syslog: &'a Syslog,
    message: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = MAX_MESSAGE.saturating_sub(self.message.len());
        self.message
            .extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        // Without a daemon the message is lost, as with syslog(3).
        let _ = self.syslog.send(self.message.trim_ascii_end());
    }
}

impl<'a> MakeWriter<'a> for Syslog {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        self.line(Level::INFO)
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        self.line(*meta.level())
    }
}

impl Syslog {
    fn line(&self, level: Level) -> Line<'_> {
        let severity = match level {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            Level::DEBUG | Level::TRACE => 7,
        };
        let priority = u16::from(self.facility.0) * 8 + severity;
        Line {
            syslog: self,
            message: format!("<{priority}>{}: ", self.tag).into_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facilities_have_names() {
        for (name, number) in [
            ("LOG_USER", Some(1)),
            ("local7", Some(23)),
            ("LOG_DAEMON", Some(3)),
            ("LOG_NOBODY", None),
            ("", None),
        ] {
            assert_eq!(Facility::named(name).map(|found| found.0), number, "{name}");
        }
    }

    #[test]
    fn messages_carry_their_severity_and_survive_a_restart_of_the_daemon() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let syslog = Syslog::new(&path, Facility(16), "ironic-api");
        // Nobody listens yet.
        syslog.line(Level::INFO).write_all(b"lost\n").unwrap();
        for (level, priority) in [(Level::ERROR, 131), (Level::DEBUG, 135)] {
            let daemon = UnixDatagram::bind(&path).unwrap();
            daemon
                .set_read_timeout(Some(std::time::Duration::from_secs(10)))
                .unwrap();
            syslog
                .line(level)
                .write_all(b"something happened\n")
                .unwrap();
            let mut buffer = [0; 256];
            let length = daemon.recv(&mut buffer).unwrap();
            let expected = format!(
                "<{priority}>ironic-api[{}]: something happened",
                std::process::id()
            );
            assert_eq!(&buffer[..length], expected.as_bytes());
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn long_messages_are_cut() {
        let syslog = Syslog::new(Path::new("/nonexistent"), Facility(1), "x");
        let mut line = syslog.line(Level::INFO);
        line.write_all(&vec![b'a'; 2 * MAX_MESSAGE]).unwrap();
        assert_eq!(line.message.len(), MAX_MESSAGE);
    }
}
