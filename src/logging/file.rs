//! A log file that may be moved away under the running service, and that can rotate itself.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// When a file becomes `FILE.1`, and how many of those there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rotation {
    /// Before it would be larger than so many bytes.
    pub(super) size: u64,
    /// `FILE.1` to `FILE.kept`; older ones are deleted.
    pub(super) kept: u32,
}

/// A log file.
pub(super) struct LogFile {
    path: PathBuf,
    rotation: Option<Rotation>,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    /// Device and number of the file, to notice that another one is there.
    identity: (u64, u64),
    size: u64,
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let said = file.metadata()?;
        Ok(Open {
            file,
            identity: (said.dev(), said.ino()),
            size: said.len(),
        })
    }
}

impl LogFile {
    /// Opens the file to append to it.
    ///
    /// # Errors
    /// When that is not possible.
    pub(super) fn open(path: &Path, rotation: Option<Rotation>) -> io::Result<Self> {
        Ok(LogFile {
            path: path.to_owned(),
            rotation,
            open: Mutex::new(Open::at(path)?),
        })
    }

    /// Makes room: `FILE` is `FILE.1` afterwards.
    fn rotate(&self, kept: u32) -> io::Result<Open> {
        let numbered = |number: u32| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..kept).rev() {
            match std::fs::rename(numbered(number), numbered(number + 1)) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
                _ => {}
            }
        }
        std::fs::rename(&self.path, numbered(1))?;
        Open::at(&self.path)
    }
}

impl Write for &LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let there = std::fs::metadata(&self.path).map(|said| (said.dev(), said.ino()));
        if there.ok() != Some(open.identity) {
            *open = Open::at(&self.path)?;
        }
        if let Some(Rotation { size, kept }) = self.rotation
            && open.size > 0
            && open.size.saturating_add(bytes.len() as u64) > size
        {
            *open = self.rotate(kept)?;
        }
        let written = open.file.write(bytes)?;
        open.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.file.flush()
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = &'a LogFile;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap_or_default()
    }

    #[test]
    fn a_file_that_was_moved_or_deleted_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let (path, moved) = (
            directory.path().join("a.log"),
            directory.path().join("b.log"),
        );
        std::fs::write(&path, "before\n").unwrap();
        let log = LogFile::open(&path, None).unwrap();
        (&log).write_all(b"one\n").unwrap();
        std::fs::rename(&path, &moved).unwrap();
        (&log).write_all(b"two\n").unwrap();
        std::fs::remove_file(&path).unwrap();
        (&log).write_all(b"three\n").unwrap();
        assert_eq!(text(&moved), "before\none\n");
        assert_eq!(text(&path), "three\n");
    }

    #[test]
    fn full_files_are_numbered_and_the_oldest_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.log");
        let log = LogFile::open(&path, Some(Rotation { size: 8, kept: 2 })).unwrap();
        for line in ["first..\n", "second.\n", "third\n", "4\n", "fifth..\n"] {
            (&log).write_all(line.as_bytes()).unwrap();
        }
        let numbered = |number: &str| text(&directory.path().join(format!("a.log{number}")));
        assert_eq!(numbered(""), "fifth..\n");
        assert_eq!(numbered(".1"), "third\n4\n");
        assert_eq!(numbered(".2"), "second.\n");
        assert_eq!(numbered(".3"), "");
    }
}
