//! Sources that are read from their beginning: mails, listings of queues, logs that cannot be cut, configurations, DMARC
//! reports, and the words of a bounce that somebody copied.

use std::io::{self, Read};

use diagnosis::{Part, PartResult, Wanted};
use evidence::bounce::{Framing, framing};
use evidence::{config, dmarc, envelope, family, queue};
use providers::{Knowledge, Recogniser};

use crate::mail::{mails, text};
use crate::outlook::is_outlook;
use crate::run::stream;
use crate::shape::{is_plain, laid_out};
use crate::{Progress, ScanOptions};

/// How much of a source is looked at before it is known what it is; what is smaller may be words.
pub(crate) const SMALL: u64 = 256 * 1024;

/// The longest listing of a queue that is read.
const LONGEST_LISTING: u64 = 256 << 20;

/// What a source is read with: the knowledge, the source's number, and what the user wants.
pub(crate) type Circumstances<'k, 'o> = (&'k Knowledge, u32, &'o ScanOptions<'o>);

/// The beginning of a source, decoded, and the rest.
struct Opened<'r> {
    opening: Vec<u8>,
    rest: Box<dyn Read + Send + 'r>,
    /// Whether the beginning could be read.
    result: io::Result<()>,
}

/// Reads a source from its beginning: mails one by one, a log in parts, and where there is neither, what else it may be.
pub(crate) fn whole<'k>(
    reader: Box<dyn Read + Send + '_>,
    circumstances: Circumstances<'k, '_>,
    recogniser: &mut Recogniser<'k>,
    buffer: &mut [u8],
    progress: &Progress,
    mut deliver: impl FnMut(PartResult, u64, bool),
) -> io::Result<()> {
    let (knowledge, source, options) = circumstances;
    let mut opened = open(reader);
    if let Some(framing) = mail_framing(&opened.opening, options) {
        let mut part = Part::new(knowledge, recogniser, options.wanted, source, 0);
        let (read, ended) = mails(opened.opening.as_slice().chain(opened.rest), framing, &mut part, || progress.is_cancelled());
        deliver(part.finish(), read, true);
        return opened.result.and(ended);
    }
    if options.family.is_none_or(|family| family == family::QUEUES) && queue::begins(&opened.opening) {
        let rest = opened.rest.take(LONGEST_LISTING).read_to_end(&mut opened.opening).map(|_| ());
        let mut part = Part::new(knowledge, recogniser, options.wanted, source, 0);
        if let Some(listing) = queue::read(&opened.opening) {
            part.queue(&listing, &opened.opening);
        }
        deliver(part.finish(), opened.opening.len() as u64, true);
        return opened.result.and(rest);
    }
    let mut counted = 0;
    let mut last = None;
    let is_small = (opened.opening.len() as u64) < SMALL;
    let bytes = if is_small { opened.opening.len() as u64 } else { u64::MAX };
    // What is the last of a small source may turn out to be no log.
    let read = stream(Box::new(opened.opening.as_slice().chain(opened.rest)), bytes, circumstances, recogniser, buffer, progress, |part, bytes, ended| {
        counted += part.of_family();
        match ended {
            true => last = Some((part, bytes)),
            false => deliver(part, bytes, false),
        }
    });
    let (part, bytes) = last.unwrap_or_default();
    let other =
        (is_small && counted == 0 && options.family.is_none()).then(|| no_log(&opened.opening, (knowledge, source, options.wanted), recogniser)).flatten();
    deliver(other.unwrap_or(part), bytes, true);
    opened.result.and(read)
}

/// Reads the beginning, and lays out as lines what is not in lines.
fn open<'r>(mut reader: Box<dyn Read + Send + 'r>) -> Opened<'r> {
    let mut opening = Vec::new();
    let mut result = begin(&mut reader, &mut opening);
    // UTF-16 may hold an array.
    for _ in 0..2 {
        if !is_plain(&opening) {
            reader = laid_out(&std::mem::take(&mut opening), reader);
            result = result.and(begin(&mut reader, &mut opening));
        }
    }
    Opened { opening, rest: reader, result }
}

fn begin(reader: &mut (impl Read + ?Sized), opening: &mut Vec<u8>) -> io::Result<()> {
    reader.take(SMALL).read_to_end(opening).map(|_| ())
}

/// How a source holds mails, if it does.
fn mail_framing(opening: &[u8], options: &ScanOptions<'_>) -> Option<Framing> {
    let is_mail = options.family == Some(family::BOUNCES);
    let saved = (is_outlook(opening) || is_mail).then_some(Framing::Mail);
    framing(opening).or(saved).filter(|_| is_mail || options.family.is_none())
}

/// What a small text is in which no line of a log was found: a configuration, or words out of a bounce.
fn no_log<'k>(opening: &[u8], (knowledge, source, wanted): (&'k Knowledge, u32, Wanted<'_>), recogniser: &mut Recogniser<'k>) -> Option<PartResult> {
    let mut part = Part::new(knowledge, recogniser, wanted, source, 0);
    if let Some(settings) = config::read(opening) {
        part.settings(settings);
        return Some(part.finish());
    }
    if let Some(signers) = dmarc::read(opening) {
        part.signers(signers);
        return Some(part.finish());
    }
    (!is_logged(opening) && text(opening, &mut part)).then(|| part.finish())
}

/// Whether a text begins as a log of whatever program does: then its lines are no words that somebody copied.
pub(crate) fn is_logged(opening: &[u8]) -> bool {
    let first = opening.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    first.is_some_and(|line| envelope::Opener::default().open(envelope::trim(line)).is_some_and(|record| !record.program.is_empty()))
}
