//! The system's own dialogs. A dialog is built on the main thread, as macOS wants it, and awaited off it.

use std::future::Future;
use std::path::{Path, PathBuf};

use desk::{DocumentKind, FactsView};
use rfd::{AsyncFileDialog, FileHandle};
use tauri::{Runtime, State, WebviewWindow};

use crate::error::{Answer, nothing_read};
use crate::state::Table;

/// Lets the user choose files, or a folder; nothing is chosen where the dialog is closed.
#[tauri::command]
pub async fn pick<R: Runtime>(folder: bool, window: WebviewWindow<R>) -> Answer<Vec<PathBuf>> {
    let chosen = if folder {
        let chosen = dialog(&window, |dialog| dialog.pick_folder()).await?;
        chosen.map(|folder| vec![folder])
    } else {
        dialog(&window, |dialog| dialog.pick_files()).await?
    };
    Ok(chosen.into_iter().flatten().map(|file| file.path().to_owned()).collect())
}

/// Lets the user say where a document goes, and writes it there; the answer is the place, or nothing.
#[tauri::command]
pub async fn save<R: Runtime>(document: DocumentKind, facts: FactsView, window: WebviewWindow<R>, table: State<'_, Table>) -> Answer<Option<PathBuf>> {
    let name = document.file_name();
    let chosen = dialog(&window, move |dialog| dialog.set_file_name(name).save_file()).await?;
    let Some(path) = chosen.map(|file| file.path().to_owned()) else { return Ok(None) };
    let content = table.scan().as_ref().ok_or_else(nothing_read)?.document(document, &facts, table.checked().as_ref())?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    // The dialog has asked already whether a file may be replaced.
    desk::save(folder, &file, &content, true)?;
    Ok(Some(path))
}

async fn dialog<R, T, F>(window: &WebviewWindow<R>, show: impl FnOnce(AsyncFileDialog) -> F + Send + 'static) -> Answer<Option<T>>
where
    R: Runtime,
    T: Chosen,
    F: Future<Output = Option<T>> + Send + 'static,
{
    let (answer, mut answers) = tauri::async_runtime::channel(1);
    let parent = window.clone();
    window.run_on_main_thread(move || {
        let dialog = show(AsyncFileDialog::new().set_parent(&parent));
        tauri::async_runtime::spawn(async move { answer.send(dialog.await).await });
    })?;
    Ok(answers.recv().await.flatten())
}

/// What a dialog gives.
trait Chosen: Send + 'static {}
impl Chosen for FileHandle {}
impl Chosen for Vec<FileHandle> {}
