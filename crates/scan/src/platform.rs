//! What each system spells its own way: positioned reads, and standing back for others.

use std::fs::File;
use std::io;

/// Reads at a position without moving the file's own.
#[cfg(unix)]
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Reads at a position; every reader names its own, so the file's own may move.
#[cfg(windows)]
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Lets every other thread of the machine go first. On Linux this is about the calling thread alone.
#[cfg(target_os = "linux")]
pub fn stand_back() {
    // A thread that may not be patient reads all the same.
    let _ = rustix::process::setpriority_process(None, 15);
}

/// Elsewhere the priority is the whole process's, and the window's own threads must not wait.
#[cfg(not(target_os = "linux"))]
pub fn stand_back() {}
