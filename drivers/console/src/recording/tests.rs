use super::*;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn recording(directory: &Path, max_size: u64, keep: usize) -> Recording {
    Recording {
        directory: directory.join("deep/er"),
        node: Uuid::random(),
        max_size,
        keep,
        tasks: TaskTracker::new(),
    }
}

async fn finished(recording: &Recording, recorder: Recorder) -> Vec<PathBuf> {
    drop(recorder);
    recording.tasks.close();
    recording.tasks.wait().await;
    recording.tasks.reopen();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&recording.directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_private_file_that_players_understand() {
    let top = tempfile::tempdir().unwrap();
    let recording = recording(top.path(), 1 << 20, 3);
    let recorder = recording.begin();
    recorder.marker("connected");
    recorder.output(Bytes::from_static(b"login: "));
    let files = finished(&recording, recorder).await;
    assert_eq!(files.len(), 1);
    let mode = std::fs::metadata(&files[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let directory = std::fs::metadata(&recording.directory).unwrap();
    assert_eq!(directory.permissions().mode() & 0o777, 0o700);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["version"], 2);
    assert_eq!(
        (&lines[1][1], &lines[1][2]),
        (&"m".into(), &"connected".into())
    );
    assert_eq!(
        (&lines[2][1], &lines[2][2]),
        (&"o".into(), &"login: ".into())
    );
}

#[tokio::test]
async fn files_are_cut_at_a_size_and_the_oldest_removed() {
    let top = tempfile::tempdir().unwrap();
    let recording = recording(top.path(), 400, 3);
    let recorder = recording.begin();
    for _ in 0..20 {
        recorder.output(Bytes::from(vec![b'x'; 100]));
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let files = finished(&recording, recorder).await;
    assert_eq!(files.len(), 3, "{files:?}");
    for file in &files {
        assert!(std::fs::metadata(file).unwrap().len() <= 400);
    }
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_stops_nobody() {
    let top = tempfile::tempdir().unwrap();
    let file = top.path().join("file");
    std::fs::write(&file, "").unwrap();
    let recording = recording(&file, 1 << 20, 3);
    let recorder = recording.begin();
    recorder.output(Bytes::from_static(b"still here"));
    drop(recorder);
    recording.tasks.close();
    recording.tasks.wait().await;
    assert!(!recording.directory.exists());
}
