//! The attempts as a workbook (Office Open XML). Every cell is a string or a number: nothing is a formula, whatever a
//! log says.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// The most rows that a sheet holds, the head included.
const MOST_ROWS: u32 = 1_048_576;

/// The most characters that a cell holds.
const MOST_CHARACTERS: usize = 32_767;

/// A workbook with one sheet: a head that stays in sight, and rows. What a sheet cannot hold is left out.
pub fn workbook<'a, const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]> + 'a, created: i64) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(created)?;
    book.set_properties(&DocProperties::new().set_title("Attempts").set_author("Reprieve").set_creation_datetime(&created));
    // Rows go out as they come, so that fifty thousand of them fit anywhere.
    let sheet = book.add_worksheet_with_low_memory()?;
    sheet.set_name("Attempts")?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(head) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    for (row, cells) in (1..MOST_ROWS).zip(rows) {
        for (column, cell) in (0..).zip(&cells) {
            match cell.parse::<u32>() {
                Ok(number) if !cell.starts_with(['+', '0']) => sheet.write_number(row, column, number)?,
                _ if cell.is_empty() => sheet,
                _ => sheet.write_string(row, column, shortened(cell))?,
            };
        }
    }
    book.save_to_buffer()
}

fn shortened(cell: &str) -> &str {
    cell.char_indices().nth(MOST_CHARACTERS).map_or(cell, |(at, _)| cell.get(..at).unwrap_or(cell))
}
