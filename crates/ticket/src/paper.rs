//! A document for print as data: headings and parts in order, all of it text. Whoever typesets it knows no words, and
//! whoever writes it knows no fonts.

use serde::Serialize;

/// A document for print.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Paper {
    /// Its language, as in `sv`.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// Who wrote it, for the document's own record; never a person's address.
    pub author: String,
    /// What it is about, in a sentence.
    pub summary: String,
    /// Whose it looks like.
    pub brand: Brand,
    /// When it was made, in seconds since 1970.
    #[serde(skip)]
    pub created: i64,
    /// The heading of the document control.
    pub control_title: String,
    /// Document control: names and values.
    pub control: Vec<(String, String)>,
    /// The heading of the changes.
    pub changes_title: String,
    /// What changed between versions.
    pub changes: Rows,
    /// The mark before the first section.
    pub start: String,
    /// The sections.
    pub sections: Vec<Section>,
    /// The mark after the last section.
    pub end: String,
    /// The heading of the box that says how to reach the writer.
    pub contact_title: String,
    /// How to reach the writer: names and values.
    pub contact: Vec<(String, String)>,
    /// What every page says at its foot.
    pub footer: String,
    /// What the document says where the fonts lack a character: the character's number is printed instead.
    pub substituted: String,
}

/// Whose a document looks like.
#[derive(Clone, Debug, Serialize)]
pub struct Brand {
    /// The name.
    pub name: String,
    /// The colour of headings, as in `#1f4e79`.
    pub colour: String,
    /// The form of the logo: `png`, `jpg` or `svg`.
    pub logo: Option<&'static str>,
    /// The logo.
    #[serde(skip)]
    pub image: Vec<u8>,
}

impl Default for Brand {
    fn default() -> Brand {
        Brand { name: String::new(), colour: "#1d4f6e".to_owned(), logo: None, image: Vec::new() }
    }
}

/// A section.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// Rows under a head.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rows {
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// One answer of the check.
#[derive(Clone, Debug, Serialize)]
pub struct CheckLine {
    /// `pass`, `warning`, `fail` or `unknown`.
    pub mark: &'static str,
    /// The same in the reader's language.
    pub word: String,
    /// What was asked about.
    pub subject: String,
    /// What was found, in English.
    pub summary: String,
}

/// A part of a section.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Part {
    /// A paragraph.
    Text {
        /// Its text.
        text: String,
    },
    /// The paragraph that says it all.
    Lead {
        /// Its text.
        text: String,
    },
    /// A paragraph in English, whatever the document's language.
    Foreign {
        /// Its text.
        text: String,
    },
    /// Items without order.
    List {
        /// The items.
        items: Vec<String>,
    },
    /// Items in order.
    Steps {
        /// The items.
        items: Vec<String>,
    },
    /// Names and values.
    Pairs {
        /// The pairs.
        pairs: Vec<(String, String)>,
    },
    /// A table.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// How wide the columns are, one against the other.
        columns: Vec<f32>,
    },
    /// What a server said, verbatim.
    Quote {
        /// The reply.
        text: String,
    },
    /// A letter as it goes out.
    Letter {
        /// Its lines.
        text: String,
    },
    /// A chart.
    Chart {
        /// The drawing, as SVG.
        svg: String,
        /// What it shows, for those who do not see it.
        alt: String,
        /// What stands under it.
        caption: String,
    },
    /// Answers of the check.
    Checks {
        /// The names of the columns.
        head: Vec<String>,
        /// The answers.
        checks: Vec<CheckLine>,
    },
}
