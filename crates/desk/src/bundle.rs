//! What goes into the bundle: the documents, the lines that the letter quotes with their neighbours, and what the
//! sources were, with their checksums.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use scan::Input;
use sha2::{Digest, Sha256};
use ticket::{Redactor, file_name, rfc3339};

use crate::draft::{DraftQuery, Made, Setting, made};
use crate::{Choice, DocumentKind, Error, Scan, investigation};

/// What of the documents goes along; the report and the drafts are for other readers.
const INSIDE: [DocumentKind; 4] = [DocumentKind::Text, DocumentKind::Json, DocumentKind::Csv, DocumentKind::Xlsx];

/// The bundle as a zip archive.
pub(crate) fn bundle(scan: &Scan, query: &DraftQuery<'_>, with: Made<'_>) -> Result<Vec<u8>, Error> {
    let (setting, _, ready) = with;
    let mut files: Vec<(&str, Cow<'_, [u8]>)> = Vec::new();
    for kind in INSIDE {
        let known = ready.iter().find(|(name, _)| name == kind.file_name());
        let content = known.map(|(_, content)| Ok(Cow::Borrowed(content.as_slice())));
        files.push((kind.file_name(), content.unwrap_or_else(|| made(scan, query, with, kind).map(Cow::Owned))?));
    }
    files.push(("lines.txt", Cow::Owned(lines(scan, query, setting).into_bytes())));
    files.push(("sources.txt", Cow::Owned(sources(scan).into_bytes())));
    report::bundle(files.iter().map(|(name, content)| (*name, content.as_ref())))
        .map_err(|error| Error::new("bundle", error, "evidence.zip", "this is a fault of Reprieve"))
}

/// The attempts as a workbook.
pub(crate) fn workbook(scan: &Scan, redactor: &Redactor) -> Result<Vec<u8>, Error> {
    let rows = ticket::attempt_rows(&scan.ledger, &scan.diagnosis, redactor);
    let day = investigation::now() / 86_400 * 86_400;
    report::workbook(&ticket::COLUMNS, rows, day).map_err(|error| Error::new("workbook", error, "attempts.xlsx", "use attempts.csv"))
}

/// The lines behind the quoted replies, each with the lines of the same message near it.
fn lines(scan: &Scan, query: &DraftQuery<'_>, setting: &Setting) -> String {
    let mut text = String::new();
    for quote in ticket::quoted(&setting.brief(scan, query.facts)) {
        let Ok(found) = scan.line(quote.event, &Choice::default()) else { continue };
        let _ = writeln!(text, "{}", file_name(&found.source));
        for line in found.lines {
            let mark = if line.asked { '>' } else { ' ' };
            let _ = writeln!(text, "{mark} {:>8}  {}", line.line, setting.redactor.redact_line(&smtp::escape_controls(line.text.as_bytes())));
        }
        text.push('\n');
    }
    text
}

/// What was read: names, sizes, checksums, spans, zones, and by which program.
fn sources(scan: &Scan) -> String {
    let mut text = format!("reprieve {}\nmade {}\ntimes are UTC\n\n", env!("CARGO_PKG_VERSION"), rfc3339(investigation::now()));
    for ((source, calendar), input) in scan.ledger.sources.iter().zip(&scan.diagnosis.calendars).zip(&scan.inputs) {
        let sum = checksum(input).unwrap_or_else(|error| format!("no checksum: {error}"));
        let _ = writeln!(
            text,
            "{}\n  sha256 {sum}\n  {} lines, {} bytes unpacked, format {}, zone {}\n",
            file_name(&source.name),
            source.counts.lines(),
            source.bytes,
            source.format(),
            calendar.zone_name(),
        );
    }
    text
}

/// SHA-256 of a source as it was given; of a member of an archive, of the member.
fn checksum(input: &Input) -> io::Result<String> {
    let mut hasher = Sha256::new();
    match input {
        Input::Stdin => return Ok("none: standard input was read once".to_owned()),
        Input::Text(_, text) => hasher.update(text),
        Input::File(path) | Input::Member { path, .. } => {
            let mut file = File::open(path)?;
            let mut buffer = vec![0; 1 << 20];
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    read => hasher.update(buffer.get(..read).unwrap_or_default()),
                }
            }
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
