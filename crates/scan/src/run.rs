//! Reading: parts of files on all threads, put together in file order as they are done.

use std::cmp::Ordering::{Equal, Greater, Less};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use diagnosis::{Ledger, Part, PartResult, Problem, Wanted};
use evidence::bounce::framing;
use evidence::family;
use providers::{Knowledge, Recogniser};

use crate::ahead::ahead;
use crate::cut::repeats;
use crate::lines::Lines;
use crate::outlook::is_outlook;
use crate::platform::{read_at, stand_back};
use crate::shape::is_plain;
use crate::whole::{SMALL, is_logged, whole};
use crate::{Compression, Progress, Seek};

/// How large a part is unless somebody says otherwise.
const PART: u64 = 8 << 20;

/// How much is read at once: it stays in the processor's own memory while its lines are looked at.
const BLOCK: usize = 64 * 1024;

/// The size of a page on the systems that matter.
const PAGE: usize = 4096;

/// How long to wait between two looks at the ledger.
const LOOK: Duration = Duration::from_millis(200);

/// How many parts of a stream are held before it is their turn.
const MOST_HELD: usize = 12;

/// How many parts each thread may be ahead of the one that is put together next.
const AHEAD: usize = 2;

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// A member of an archive, unpacked for this run.
    Member {
        /// Where it lies now.
        path: PathBuf,
        /// The archive's name and its own.
        name: String,
        /// When it was last written, as far as the archive tells.
        modified: Option<i64>,
        /// What was wrong with it.
        problem: Option<String>,
    },
    /// Standard input.
    Stdin,
    /// Text that was pasted, with its name.
    Text(String, Vec<u8>),
}

impl Input {
    fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Member { name, .. } => name.clone(),
            Input::Stdin => "-".to_owned(),
            Input::Text(name, _) => name.clone(),
        }
    }
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'w> {
    /// Whose attempts are kept.
    pub wanted: Wanted<'w>,
    /// How many threads read.
    pub threads: usize,
    /// How large a part is, in bytes.
    pub part: u64,
    /// The family that the user names, by its place; it overrules recognition.
    pub family: Option<usize>,
    /// What a line must hold to be read.
    pub seek: Option<&'w Seek>,
    /// Whether the reading threads let everybody else go first, as beside a window they should.
    pub patient: bool,
}

impl<'w> ScanOptions<'w> {
    /// Parts of 8 MiB.
    pub fn new(wanted: Wanted<'w>, threads: usize) -> ScanOptions<'w> {
        ScanOptions { wanted, threads: threads.max(1), part: PART, family: None, seek: None, patient: false }
    }
}

/// What a thread takes next.
enum Job<'i> {
    /// The part of a plain file that begins in a span of bytes.
    Span { source: u32, input: &'i Input, file: Option<&'i File>, from: u64, to: u64, size: u64 },
    /// A source that is read from its beginning.
    Stream { source: u32, input: &'i Input, compression: Compression, size: u64 },
}

impl Job<'_> {
    fn source(&self) -> u32 {
        match self {
            Job::Span { source, .. } | Job::Stream { source, .. } => *source,
        }
    }
}

/// A source that is there. Only a file of several parts is kept open: there may be thousands of small ones.
struct Opened {
    file: Option<File>,
    is_there: bool,
    /// Whether it is a log that may be read by offset.
    in_parts: bool,
    compression: Compression,
    size: u64,
}

/// The ledger, and what is done but not yet its turn.
struct Merge {
    ledger: Ledger,
    /// How many threads still read.
    running: usize,
    next: usize,
    waiting: BTreeMap<usize, Held>,
}

/// The parts of a job that were read before it is their turn.
struct Held {
    source: u32,
    parts: Vec<(PartResult, u64)>,
    /// Whether the last one is among them.
    ended: bool,
}

/// Reads all sources. What cannot be read becomes a problem of its source; the rest is still read.
pub fn read(inputs: &[Input], knowledge: &Knowledge, options: &ScanOptions<'_>, progress: &Progress) -> Ledger {
    read_watched(inputs, knowledge, options, progress, None)
}

/// Looks at what was read so far.
pub type Watch<'w> = &'w mut dyn FnMut(&Ledger);

/// Reads all sources like [`read`], and lets somebody look at the ledger about five times a second.
///
/// Reading waits while they look, so looking is spaced out to a quarter of the time at most.
pub fn read_watched(inputs: &[Input], knowledge: &Knowledge, options: &ScanOptions<'_>, progress: &Progress, watch: Option<Watch<'_>>) -> Ledger {
    let mut ledger = Ledger::default();
    let opened: Vec<Opened> = inputs.iter().map(|input| open(input, &mut ledger, options, progress)).collect();
    let jobs = jobs(inputs, &opened, options);
    let threads = options.threads.min(jobs.len()).max(1);
    let merge = Mutex::new(Merge { ledger, running: threads, next: 0, waiting: BTreeMap::new() });
    let (turn, next) = (Condvar::new(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                work(&jobs, &next, &merge, &turn, knowledge, options, progress);
                merge.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
                turn.notify_all();
            });
        }
        if let Some(watch) = watch {
            look(&merge, &turn, watch);
        }
    });
    let mut ledger = merge.into_inner().unwrap_or_else(PoisonError::into_inner).ledger;
    ledger.settle();
    judge(&mut ledger);
    ledger
}

/// Shows the ledger now and then, until nobody reads any more.
fn look(merge: &Mutex<Merge>, turn: &Condvar, watch: Watch<'_>) {
    let mut pause = LOOK;
    loop {
        let guard = merge.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, waited) = turn.wait_timeout_while(guard, pause, |merge| merge.running > 0).unwrap_or_else(PoisonError::into_inner);
        if !waited.timed_out() {
            return;
        }
        let begun = Instant::now();
        watch(&guard.ledger);
        pause = LOOK.max(begun.elapsed() * 4);
    }
}

fn open(input: &Input, ledger: &mut Ledger, options: &ScanOptions<'_>, progress: &Progress) -> Opened {
    let opened = match input {
        Input::File(path) | Input::Member { path, .. } => File::open(path).and_then(|file| Ok((file.metadata()?, file))).map(Some),
        _ => Ok(None),
    };
    let (file, metadata, error) = match opened {
        Ok(Some((metadata, file))) => (Some(file), Some(metadata), None),
        Ok(None) => (None, None, None),
        Err(error) => (None, None, Some(error)),
    };
    let mut opening = [0; 4096];
    let got = file.as_ref().map_or(Ok(0), |file| read_at(file, &mut opening, 0)).unwrap_or(0);
    let opening = opening.get(..got).unwrap_or_default();
    let compression = Compression::of(opening);
    let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let source = ledger.begin(input.name(), compression.word(), modified.map(|since| since.as_secs() as i64));
    if let Some(error) = error {
        ledger.problem(source, unreadable(&error));
    }
    if let Input::Member { problem: Some(what), .. } = input {
        let hint = "unpack it yourself, and drop what it holds".to_owned();
        ledger.problem(source, Problem { code: "archive", line: None, times: 1, what: what.clone(), hint });
    }
    let size = metadata.map_or(0, |metadata| metadata.len());
    progress.announce(size);
    let is_mail = options.family == Some(family::BOUNCES) || options.family.is_none() && (framing(opening).is_some() || is_outlook(opening));
    let is_large = size > options.part || size >= SMALL && is_logged(opening);
    let in_parts = compression == Compression::Plain && is_large && !is_mail && is_plain(opening) && !evidence::queue::begins(opening);
    let is_there = file.is_some() || matches!(input, Input::Text(..) | Input::Stdin);
    Opened { file: file.filter(|_| in_parts && size > options.part), is_there, in_parts, compression, size }
}

fn jobs<'i>(inputs: &'i [Input], opened: &'i [Opened], options: &ScanOptions<'_>) -> Vec<Job<'i>> {
    let mut jobs = Vec::new();
    for (source, (input, opened)) in inputs.iter().zip(opened).enumerate() {
        let source = source as u32;
        let Opened { size, compression, .. } = *opened;
        if opened.in_parts {
            let span = |(from, to): (u64, u64)| Job::Span { source, input, file: opened.file.as_ref(), from, to, size };
            jobs.extend(spans(size, options).map(span));
        } else if opened.is_there {
            jobs.push(Job::Stream { source, input, compression, size });
        }
    }
    jobs
}

/// The spans of a file's parts; the last ones are smaller, so that no thread waits long for another at the end.
fn spans(size: u64, options: &ScanOptions<'_>) -> impl Iterator<Item = (u64, u64)> {
    let part = options.part.max(1);
    let last = if size > part { part.saturating_mul(options.threads as u64) } else { 0 };
    let end = move |from: u64| size.min(from.saturating_add(if size - from <= last { part.div_ceil(4) } else { part }));
    std::iter::successors(Some((0, end(0))), move |(_, to)| Some((*to, end(*to)))).take_while(move |(from, _)| *from < size)
}

fn work(jobs: &[Job<'_>], next: &AtomicUsize, merge: &Mutex<Merge>, turn: &Condvar, knowledge: &Knowledge, options: &ScanOptions<'_>, progress: &Progress) {
    if options.patient {
        stand_back();
    }
    let mut recogniser = Recogniser::new(knowledge);
    let mut memory = vec![0; BLOCK + PAGE];
    let buffer = page_aligned(&mut memory);
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = jobs.get(index) else { return };
        let lock = || merge.lock().unwrap_or_else(PoisonError::into_inner);
        let far = |merge: &mut Merge| index > merge.next + AHEAD * options.threads;
        drop(turn.wait_while(lock(), far).unwrap_or_else(PoisonError::into_inner));
        let deliver = |part: PartResult, bytes: u64, last: bool| {
            if let Job::Stream { .. } = job {
                drop(turn.wait_while(lock(), |merge| merge.is_full(index)).unwrap_or_else(PoisonError::into_inner));
            }
            lock().take(index, job.source(), part, bytes, last);
            turn.notify_all();
        };
        let run = AssertUnwindSafe(|| match job {
            Job::Span { source, input, file, from, to, size } => {
                let file = file.map_or_else(|| again(input), File::try_clone);
                let mut part = Part::new(knowledge, &mut recogniser, options.wanted, *source, to - from);
                part.force(options.family);
                span(file, (*from, *to, *size), options.seek, part, buffer, progress, deliver)
            }
            Job::Stream { source, input, compression, size } => {
                let open = || compression.open(raw(input, *size, progress)?);
                let reader = open().unwrap_or_else(|error| Box::new(Broken(Some(error))));
                let mut read = |reader| whole(reader, (knowledge, *source, options), &mut recogniser, buffer, progress, deliver);
                // A thread that would have nothing to do decompresses.
                if *compression != Compression::Plain && options.threads > jobs.len() {
                    ahead(reader, options.patient, |ahead| read(Box::new(ahead)))
                } else {
                    read(reader)
                }
            }
        });
        let (problem, delivered) = match catch_unwind(run) {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => (unreadable(&error), true),
            Err(_) => (panicked(), false),
        };
        let mut merge = lock();
        merge.ledger.problem(job.source(), problem);
        if !delivered {
            merge.take(index, job.source(), PartResult::default(), 0, true);
        }
        turn.notify_all();
    }
}

impl Merge {
    /// Takes a part: it is put together with the others at once if it is next in order, and held until then if not.
    fn take(&mut self, index: usize, source: u32, part: PartResult, bytes: u64, last: bool) {
        match index.cmp(&self.next) {
            Less => {}
            Equal => {
                self.ledger.absorb(source, part, bytes);
                if last {
                    self.next += 1;
                    self.catch_up();
                }
            }
            Greater => {
                let held = self.waiting.entry(index).or_insert(Held { source, parts: Vec::new(), ended: false });
                held.parts.push((part, bytes));
                held.ended |= last;
            }
        }
    }

    /// Puts together what was held and is next in order; a job that has not ended goes on by itself.
    fn catch_up(&mut self) {
        while let Some(held) = self.waiting.remove(&self.next) {
            held.parts.into_iter().for_each(|(part, bytes)| self.ledger.absorb(held.source, part, bytes));
            if !held.ended {
                return;
            }
            self.next += 1;
        }
    }

    /// Whether a job must wait for those before it: as many of its parts are held as may be.
    fn is_full(&self, index: usize) -> bool {
        index != self.next && self.waiting.get(&index).is_some_and(|held| held.parts.len() >= MOST_HELD)
    }
}

/// Reads the lines of a plain file that begin in a span. A file that grows is read to the size it had when opened.
fn span(
    file: io::Result<File>,
    (from, to, size): (u64, u64, u64),
    seek: Option<&Seek>,
    mut part: Part<'_, '_>,
    buffer: &mut [u8],
    progress: &Progress,
    deliver: impl FnOnce(PartResult, u64, bool),
) -> io::Result<()> {
    let (file, begin) = match file.and_then(|file| Ok((first_line(&file, from, size, buffer)?, file))) {
        Ok((begin, file)) => (file, begin),
        Err(error) => {
            deliver(part.finish(), 0, true);
            return Err(error);
        }
    };
    let mut lines = Lines::at(begin, seek);
    let until = |offset: u64, line: &[u8]| offset >= to && !repeats(line);
    let (mut at, mut result) = (begin, Ok(()));
    while at < size && !progress.is_cancelled() {
        // Blocks end where pages do: the system copies whole pages faster.
        let to_boundary = BLOCK - (at % BLOCK as u64) as usize;
        let got = match block(&file, buffer.get_mut(..to_boundary).unwrap_or_default(), at, size) {
            Ok([]) => break,
            Ok(got) => got,
            Err(error) => {
                result = Err(error);
                break;
            }
        };
        at += got.len() as u64;
        if lines.feed(got, &mut part, until).is_some() {
            break;
        }
    }
    lines.finish(&mut part, until);
    progress.advance(to - from);
    deliver(part.finish(), lines.offset() - begin, true);
    result
}

/// A file that was not kept open.
fn again(input: &Input) -> io::Result<File> {
    match input {
        Input::File(path) | Input::Member { path, .. } => File::open(path),
        Input::Text(..) | Input::Stdin => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Where the first line begins, at or after an offset, that may begin a part.
fn first_line(file: &File, from: u64, size: u64, buffer: &mut [u8]) -> io::Result<u64> {
    if from == 0 {
        return Ok(0);
    }
    let mut at = line_after(file, from - 1, size, buffer)?;
    while at < size {
        let head = block(file, buffer.get_mut(..512).unwrap_or_default(), at, size)?;
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if !repeats(line) {
            break;
        }
        at = line_after(file, at, size, buffer)?;
    }
    Ok(at)
}

/// The offset behind the first line end at or after an offset.
fn line_after(file: &File, mut at: u64, size: u64, buffer: &mut [u8]) -> io::Result<u64> {
    let first = 4096.min(buffer.len());
    let mut window = first;
    while at < size {
        let got = block(file, buffer.get_mut(..window).unwrap_or_default(), at, size)?;
        if let Some(end) = memchr::memchr(b'\n', got) {
            return Ok(at + end as u64 + 1);
        }
        if got.is_empty() {
            break;
        }
        at += got.len() as u64;
        window = buffer.len();
    }
    Ok(size)
}

/// The part of some memory that begins where a page does.
fn page_aligned(memory: &mut [u8]) -> &mut [u8] {
    let start = memory.as_ptr().align_offset(PAGE).min(PAGE);
    memory.get_mut(start..start + BLOCK).unwrap_or_default()
}

fn block<'b>(file: &File, buffer: &'b mut [u8], at: u64, size: u64) -> io::Result<&'b [u8]> {
    let most = usize::try_from(size.saturating_sub(at)).unwrap_or(usize::MAX).min(buffer.len());
    let target = buffer.get_mut(..most).unwrap_or_default();
    let got = loop {
        match read_at(file, target, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    Ok(target.get(..got).unwrap_or_default())
}

/// What a source holds as it lies there; of a file that grows, what it held when it was first seen.
fn raw<'i>(input: &'i Input, size: u64, progress: &'i Progress) -> io::Result<Box<dyn Read + Send + 'i>> {
    Ok(match input {
        Input::File(_) | Input::Member { .. } => Box::new(Counted { inner: again(input)?, progress }.take(size)),
        Input::Text(_, text) => Box::new(text.as_slice()),
        Input::Stdin => Box::new(io::stdin()),
    })
}

/// A decompressor that could not be set up.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Tells how much was read from disk.
struct Counted<'i> {
    inner: File,
    progress: &'i Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.progress.advance(got as u64);
        Ok(got)
    }
}

/// Reads a stream of at most so many bytes from its beginning, in parts that end where lines do. What was read before an
/// error is kept.
pub(crate) fn stream<'k>(
    mut reader: Box<dyn Read + Send + '_>,
    bytes: u64,
    (knowledge, source, options): (&'k Knowledge, u32, &ScanOptions<'_>),
    recogniser: &mut Recogniser<'k>,
    buffer: &mut [u8],
    progress: &Progress,
    mut deliver: impl FnMut(PartResult, u64, bool),
) -> io::Result<()> {
    let mut lines = Lines::at(0, options.seek);
    // What of the buffer was read and not fed yet.
    let (mut from, mut to) = (0, 0);
    let mut result = Ok(());
    let mut ended = false;
    while !ended {
        let begin = lines.offset();
        let until = |offset: u64, line: &[u8]| offset >= begin + options.part && !repeats(line);
        let mut part = Part::new(knowledge, recogniser, options.wanted, source, bytes.min(options.part).min(PART));
        part.force(options.family);
        loop {
            if from == to {
                from = 0;
                to = match reader.read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => {
                        result = Err(error);
                        0
                    }
                    Ok(got) => got,
                };
            }
            ended = from == to || progress.is_cancelled();
            if ended {
                lines.finish(&mut part, |_, _| false);
                break;
            }
            match lines.feed(buffer.get(from..to).unwrap_or_default(), &mut part, until) {
                Some(stop) => {
                    from += stop;
                    break;
                }
                None => from = to,
            }
        }
        deliver(part.finish(), lines.offset() - begin, ended);
    }
    result
}

/// Says what a whole source turned out to be.
fn judge(ledger: &mut Ledger) {
    let verdict = |source: &diagnosis::SourceSummary| {
        let unreadable = source.problems.iter().any(|problem| problem.code == "unreadable");
        match (source.bytes, source.counts.of_family()) {
            (0, _) if unreadable => None,
            (0, _) => Some(("empty", "the source is empty", "check that it is the right file, and that logging is on")),
            (_, 0) if ["aside_configuration", "aside_dmarc_report"].iter().any(|known| source.asides.contains_key(known)) => None,
            (_, 0) => Some((
                "no_mail_log",
                "no line of a mail log that is known was found",
                "`reprieve formats` lists what is read; take /var/log/mail.log or `journalctl -o json`",
            )),
            _ => None,
        }
    };
    let found: Vec<_> = ledger.sources.iter().enumerate().filter_map(|(index, source)| Some((index as u32, verdict(source)?))).collect();
    for summary in &mut ledger.sources {
        let aside =
            |(code, times): (&&'static str, &u64)| Problem { code, line: None, times: *times, what: aside(code).0.to_owned(), hint: aside(code).1.to_owned() };
        let told: Vec<Problem> = summary.asides.iter().map(aside).collect();
        summary.problems.extend(told);
    }
    for (source, (code, what, hint)) in found {
        ledger.problem(source, Problem { code, line: None, times: 1, what: what.to_owned(), hint: hint.to_owned() });
    }
}

/// Why a mail was set aside, and what to do with it.
fn aside(code: &str) -> (&'static str, &'static str) {
    match code {
        "aside_configuration" => ("a configuration: the addresses in it are candidates, and nothing else of it is kept", "confirm the one that sends"),
        "aside_dmarc_report" => ("a DMARC report: the selectors in it are checked, and nothing else of it is kept", "nothing to do"),
        "aside_bare_queue" => ("a queue that does not say why its messages lie there", "take the log, or `exim -Mvl ID` of one message: `reprieve howto exim`"),
        "aside_auto_reply" => ("an automatic reply, no bounce", "nothing to do"),
        "aside_abuse_report" => ("a report of abuse by a recipient, no bounce", "look at what was reported: complaints lead to blocks"),
        "aside_delay" => ("a message that is only late", "take the bounce that comes when the server gives up, or its log"),
        "aside_success" => ("a message that was delivered or passed on", "nothing to do"),
        "aside_foreign" => ("a bounce of mail that never passed your servers: somebody forges the address", "no ticket helps; publish SPF, DKIM and DMARC"),
        "aside_by_provider" => ("a bounce by the provider itself about somebody else's server", "nothing the provider's postmaster could lift"),
        "aside_again" => ("a bounce that another source holds already", "it is counted once"),
        "aside_logged" => ("a bounce of an attempt that a log holds already", "it is counted once"),
        _ => ("an ordinary mail, no bounce", "take the mail that says it could not be delivered, as .eml"),
    }
}

fn unreadable(error: &io::Error) -> Problem {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => "read it as root, or copy it to where you may read it",
        io::ErrorKind::UnexpectedEof => "the file is cut off; what came before was read. Copy it again",
        _ => "what came before was read. Copy the file again, or unpack it first",
    };
    Problem { code: "unreadable", line: None, times: 1, what: format!("it could not be read to its end: {error}"), hint: hint.to_owned() }
}

fn panicked() -> Problem {
    Problem {
        code: "internal",
        line: None,
        times: 1,
        what: "the reader failed on this source; this is a fault of Reprieve".to_owned(),
        hint: "the rest was read. Please report it with the shortest piece of the file that shows it".to_owned(),
    }
}
