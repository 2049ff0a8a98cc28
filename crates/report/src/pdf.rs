//! The report as PDF/A-2a and PDF/UA-1 at once, made by Typst from `assets/report/report.typ`.
//!
//! The template reaches no file, no package and no clock: what it sets is the paper it is given. The same paper gives
//! the same bytes.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike};
use serde_json::Value;
use thiserror::Error;
use ticket::Paper;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::font;

const TEMPLATE: &str = include_str!("../../../assets/report/report.typ");

/// Why no PDF was made.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The paper cannot be handed to the template.
    #[error("the report cannot be written down: {0}")]
    Paper(#[from] serde_json::Error),
    /// The typesetter refuses, as where a logo is no picture.
    #[error("the report cannot be typeset: {0}")]
    Typeset(String),
}

/// Sets a paper.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, PdfError> {
    let world = Press::new(paper)?;
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|errors| PdfError::Typeset(told(&errors)))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| PdfError::Typeset(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}\n{}", paper.title, paper.created)),
        creator: Smart::Custom(Some("Reprieve".to_owned())),
        timestamp: datetime(paper.created).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| PdfError::Typeset(told(&errors)))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}

fn datetime(time: i64) -> Option<Datetime> {
    let time = DateTime::from_timestamp(time, 0)?;
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(time.year(), small(time.month())?, small(time.day())?, small(time.hour())?, small(time.minute())?, small(time.second())?)
}

/// What the template can reach: itself, the fonts and the paper.
struct Press {
    library: LazyHash<Library>,
    source: Source,
}

static MAIN: LazyLock<Option<FileId>> = LazyLock::new(|| Some(FileId::new(RootedPath::new(VirtualRoot::Project, VirtualPath::new("/report.typ").ok()?))));

impl Press {
    fn new(paper: &Paper) -> Result<Press, PdfError> {
        let mut value = serde_json::to_value(paper)?;
        if substitute(&mut value) {
            say_so(&mut value, &paper.substituted);
        }
        let mut inputs = Dict::new();
        inputs.insert("paper".into(), value.to_string().into_value());
        inputs.insert("logo".into(), Bytes::new(paper.brand.image.clone()).into_value());
        let main = MAIN.ok_or_else(|| PdfError::Typeset("the template has no place".to_owned()))?;
        Ok(Press { library: LazyHash::new(Library::builder().with_inputs(inputs).build()), source: Source::new(main, TEMPLATE.to_owned()) })
    }
}

/// Replaces what the fonts lack; true where something was.
fn substitute(value: &mut Value) -> bool {
    match value {
        Value::String(text) => font::substitute(text).map(|shown| *text = shown).is_some(),
        // Every item, not only the first that needs it.
        Value::Array(items) => items.iter_mut().fold(false, |any, item| substitute(item) | any),
        Value::Object(fields) => fields.iter_mut().fold(false, |any, (_, field)| substitute(field) | any),
        _ => false,
    }
}

/// The document itself says that characters were replaced.
fn say_so(value: &mut Value, note: &str) {
    if let Some(sections) = value.get_mut("sections").and_then(Value::as_array_mut)
        && let Some(parts) = sections.last_mut().and_then(|section| section.get_mut("parts")).and_then(Value::as_array_mut)
    {
        parts.push(serde_json::json!({"kind": "text", "text": note}));
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        font::book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        font::font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
