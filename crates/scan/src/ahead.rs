//! Reading ahead: one thread decompresses while another reads what came before.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use crate::platform::stand_back;

/// How much is handed over at once.
const BLOCK: usize = 256 * 1024;

/// How many blocks one may be ahead of the other.
const BLOCKS: usize = 4;

/// What another thread reads.
pub(crate) struct Ahead {
    full: Receiver<io::Result<Vec<u8>>>,
    /// Blocks that were read go back, so that they are not made anew.
    empty: Sender<Vec<u8>>,
    block: Vec<u8>,
    /// How much of the block was read.
    read: usize,
}

/// Does something with a reader while another thread reads it ahead; a patient one lets everybody else go first.
pub(crate) fn ahead<T>(reader: impl Read + Send, patient: bool, then: impl FnOnce(Ahead) -> T) -> T {
    let (full_in, full) = sync_channel(BLOCKS);
    let (empty, empty_out) = channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            if patient {
                stand_back();
            }
            pump(reader, &full_in, &empty_out);
        });
        then(Ahead { full, empty, block: Vec::new(), read: 0 })
    })
}

/// Fills blocks until the reader ends, fails, or nobody wants more.
fn pump(mut reader: impl Read, full: &SyncSender<io::Result<Vec<u8>>>, empty: &Receiver<Vec<u8>>) {
    loop {
        let mut block = empty.try_recv().unwrap_or_default();
        block.clear();
        let read = reader.by_ref().take(BLOCK as u64).read_to_end(&mut block);
        let is_last = block.is_empty();
        // What was read before an error is read all the same.
        if !is_last && full.send(Ok(block)).is_err() {
            return;
        }
        match read {
            Err(error) => return drop(full.send(Err(error))),
            Ok(_) if is_last => return,
            Ok(_) => {}
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.block.len() {
            let Ok(next) = self.full.recv() else { return Ok(0) };
            let block = std::mem::replace(&mut self.block, next?);
            self.read = 0;
            let _ = self.empty.send(block);
        }
        let got = self.block.get(self.read..).unwrap_or_default().read(buffer)?;
        self.read += got;
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes and then fails.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let got = self.0.min(buffer.len());
            self.0 -= got;
            if got == 0 { Err(io::Error::other("cut off")) } else { Ok(got) }
        }
    }

    #[test]
    fn what_is_read_ahead_is_the_same() {
        let bytes: Vec<u8> = (0..3 * BLOCK + 17).map(|at| (at % 251) as u8).collect();
        let mut got = Vec::new();
        ahead(bytes.as_slice(), false, |mut ahead| ahead.read_to_end(&mut got)).unwrap();
        assert_eq!(got, bytes);
    }

    #[test]
    fn what_came_before_an_error_is_read_and_the_error_is_told() {
        let mut got = Vec::new();
        let error = ahead(Failing(BLOCK + 5), false, |mut ahead| ahead.read_to_end(&mut got)).unwrap_err();
        assert_eq!((got.len(), error.to_string().as_str()), (BLOCK + 5, "cut off"));
    }

    #[test]
    fn nobody_need_read_to_the_end() {
        let first = ahead(io::repeat(7), false, |mut ahead| {
            let mut byte = [0];
            ahead.read(&mut byte).map(|_| byte)
        });
        assert_eq!(first.unwrap(), [7]);
    }
}
