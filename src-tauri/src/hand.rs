//! Handing documents on: always by the user's act, and a letter only after its preview.

use desk::{AccountView, DocumentKind, FactsView, Handover, Preview};
use tauri::State;

use crate::error::{Answer, nothing_read};
use crate::state::Table;

fn draft(facts: &FactsView, table: &Table) -> Answer<Vec<u8>> {
    let scan = table.scan();
    Ok(scan.as_ref().ok_or_else(nothing_read)?.document(DocumentKind::Eml, facts, table.checked().as_ref())?)
}

/// The letter exactly as it would go out.
#[tauri::command(async)]
pub fn preview(facts: FactsView, table: State<'_, Table>) -> Answer<Preview> {
    Ok(desk::preview(&draft(&facts, &table)?)?)
}

/// Sends the letter that was shown.
#[tauri::command]
pub async fn send(facts: FactsView, account: AccountView, again: bool, table: State<'_, Table>) -> Answer<Handover> {
    let draft = draft(&facts, &table)?;
    Ok(tauri::async_runtime::spawn_blocking(move || desk::send(&draft, &account, again)).await??)
}

/// Puts the draft into the Drafts folder of an account.
#[tauri::command]
pub async fn file_draft(facts: FactsView, account: AccountView, table: State<'_, Table>) -> Answer<Handover> {
    let draft = draft(&facts, &table)?;
    Ok(tauri::async_runtime::spawn_blocking(move || desk::file(&draft, &account)).await??)
}

/// The user says that the letter went out by other means.
#[tauri::command(async)]
pub fn declare(facts: FactsView, table: State<'_, Table>) -> Answer<()> {
    Ok(desk::declare(&draft(&facts, &table)?)?)
}

/// Opens the letter in the mail program; the answer is `link` or `draft`.
#[tauri::command(async)]
pub fn open_mail(facts: FactsView, table: State<'_, Table>) -> Answer<&'static str> {
    let letter = table.scan().as_ref().ok_or_else(nothing_read)?.letter(&facts, table.checked().as_ref())?;
    Ok(desk::open_mail(&letter, &facts.cc, &draft(&facts, &table)?)?)
}

/// Opens a document with the program that the system has for it.
#[tauri::command(async)]
pub fn open_document(document: DocumentKind, facts: FactsView, table: State<'_, Table>) -> Answer<()> {
    let content = table.scan().as_ref().ok_or_else(nothing_read)?.document(document, &facts, table.checked().as_ref())?;
    Ok(desk::open_document(document.file_name(), &content)?)
}
