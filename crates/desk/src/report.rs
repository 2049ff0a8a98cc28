//! The client's report: what ticket writes in the client's language, set by the press.

use std::path::Path;

use checks::{Check, Severity, Status};
use ticket::{Brand, CheckLine, Client, Letter, Paper, Redactor, Words};

use crate::draft::{DraftQuery, Setting};
use crate::{Checked, Error, Remark, Scan, judge};

/// The largest logo that is taken, in bytes.
const LARGEST_LOGO: u64 = 4 << 20;

/// The report as PDF.
pub(crate) fn pdf(scan: &Scan, query: &DraftQuery<'_>, setting: &Setting, letter: &Letter) -> Result<Vec<u8>, Error> {
    let paper = paper(scan, query, setting, letter)?;
    report::pdf(&paper)
        .map_err(|error| Error::new("report", error, "report.pdf", "check that the logo is a PNG, a JPEG or an SVG, and the colour like #1d4f6e"))
}

/// The report before it is set.
fn paper(scan: &Scan, query: &DraftQuery<'_>, setting: &Setting, letter: &Letter) -> Result<Paper, Error> {
    let words = Words::new(query.language);
    let verdict = judge(&scan.knowledge, &scan.diagnosis);
    let door = scan.diagnosis.doors.first();
    let client = Client {
        brief: &setting.brief(scan, query.facts),
        words: &words,
        letter,
        verdict: verdict.kind.word(),
        who: door.and_then(|door| door.who.as_deref()).unwrap_or("Apple"),
        before: verdict.before.iter().map(|remark| said(&words, &remark.redacted(&setting.redactor))).collect(),
        checks: query.checked.map(|checked| lines(&words, checked, &setting.redactor)).unwrap_or_default(),
        declared: stated(query)?,
        brand: brand(query)?,
    };
    Ok(ticket::report(&client))
}

/// The sender's statements, each with its question.
fn stated(query: &DraftQuery<'_>) -> Result<Vec<(String, String)>, Error> {
    let said = |one: &crate::Declaration| Some((one.question.clone(), one.statement()?));
    Ok(crate::declarations(query.facts)?.iter().filter_map(said).collect())
}

/// A remark in the reader's language, with the arguments that the window gives it.
fn said(words: &Words, remark: &Remark) -> String {
    let name = |place: usize| smtp::escape_controls(remark.names.get(place).map(String::as_bytes).unwrap_or_default());
    let number = |place: usize| remark.figures.get(place).copied().unwrap_or_default();
    let percent = format!("{}.{}", number(2) / 10, number(2) % 10);
    let arguments = [
        ("name", name(0).into()),
        ("contact", name(1).into()),
        ("a", number(0).into()),
        ("b", number(1).into()),
        ("c", number(2).into()),
        ("d", number(3).into()),
        ("percent", percent.into()),
    ];
    words.tell(&format!("remark-{}", remark.code), &arguments)
}

/// What does not apply, what nothing was at hand for, and small things that are in order are left out of the report.
fn was_asked(check: &Check) -> bool {
    match check.status {
        Status::NotApplicable => false,
        Status::Unknown => !check.evidence.is_empty(),
        Status::Pass => check.severity <= Severity::Medium,
        Status::Fail | Status::Warning => true,
    }
}

/// The answers that apply: what is wrong first.
fn lines(words: &Words, checked: &Checked, redactor: &Redactor) -> Vec<(CheckLine, Option<String>)> {
    let mut checks: Vec<&Check> = checked.report.checks.iter().filter(|check| was_asked(check)).collect();
    checks.sort_by_key(|check| (check.status, check.severity));
    checks
        .into_iter()
        .map(|check| (line(words, check, redactor), check.remedy.as_ref().map(|remedy| remedy.said()).filter(|_| check.severity <= Severity::Medium)))
        .collect()
}

fn line(words: &Words, check: &Check, redactor: &Redactor) -> CheckLine {
    let plain = |text: &str| redactor.redact(&smtp::escape_controls(text.as_bytes()));
    let mark = check.status.word();
    CheckLine {
        mark,
        word: words.say(&format!("report-check-{mark}")),
        subject: format!("{} {}", check.id, plain(&check.subject)),
        summary: plain(&check.summary),
    }
}

fn brand(query: &DraftQuery<'_>) -> Result<Brand, Error> {
    let facts = &query.facts.report;
    let mut brand = Brand { name: facts.brand.clone().or_else(|| query.facts.operator.clone()).unwrap_or_default(), ..Brand::default() };
    if let Some(colour) = &facts.colour {
        brand.colour = colour_of(colour).ok_or_else(|| Error::new("colour", format!("`{colour}` is no colour"), "[report] colour", "write it as #1d4f6e"))?;
    }
    if let Some(path) = &facts.logo {
        brand.logo = Some(form_of(path).ok_or_else(|| logo_error("the logo is neither PNG nor JPEG nor SVG", path))?);
        brand.image = read_logo(path)?;
    }
    Ok(brand)
}

fn colour_of(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then(|| text.to_owned())
}

fn form_of(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "png" => Some("png"),
        "jpg" | "jpeg" => Some("jpg"),
        "svg" => Some("svg"),
        _ => None,
    }
}

fn read_logo(path: &Path) -> Result<Vec<u8>, Error> {
    let size = std::fs::metadata(path).map_err(|error| logo_error(error, path))?.len();
    if size > LARGEST_LOGO {
        return Err(logo_error("the logo is larger than 4 MiB", path));
    }
    std::fs::read(path).map_err(|error| logo_error(error, path))
}

fn logo_error(what: impl std::fmt::Display, path: &Path) -> Error {
    Error::new("logo", what, path.display(), "name a PNG, JPEG or SVG file under [report] logo")
}
