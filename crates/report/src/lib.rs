//! The adapters of a case's documents that need heavy machinery: the PDF, the workbook and the bundle.
//!
//! What they say is decided elsewhere; this crate knows no mail.

mod bundle;
mod font;
mod pdf;
mod workbook;

pub use bundle::bundle;
pub use pdf::{PdfError, pdf};
pub use workbook::workbook;
