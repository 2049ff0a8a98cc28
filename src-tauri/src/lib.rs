//! The window's shell: it opens the window, passes what the page asks to `desk`, and shows the system's dialogs.
//!
//! It knows nothing of mail. The page may ask for what `permissions/window.toml` names, and for nothing else: it reads
//! no file, writes none and reaches no network by itself.
#![allow(clippy::disallowed_methods, reason = "a face hands files on")]

mod commands;
mod dialogs;
mod error;
mod hand;
mod platform;
mod state;

use tauri::{App, Builder, Runtime};

use state::Table;

/// Builds the window's program on a runtime: the real one, or a test's.
pub fn app<R: Runtime>(builder: Builder<R>) -> tauri::Result<App<R>> {
    builder
        .manage(Table::default())
        .invoke_handler(tauri::generate_handler![
            commands::opened_with,
            commands::read,
            commands::cancel,
            commands::assume,
            commands::look_up,
            commands::letter,
            commands::check,
            commands::check_again,
            commands::blocklists,
            commands::cards,
            commands::declarations,
            commands::lines,
            commands::line,
            hand::preview,
            hand::send,
            hand::file_draft,
            hand::declare,
            hand::open_mail,
            hand::open_document,
            dialogs::pick,
            dialogs::save,
        ])
        .build(tauri::generate_context!())
}

/// Opens the window, and returns when it is closed.
pub fn run() {
    platform::settle();
    match app(Builder::default()) {
        Ok(app) => app.run(|_, _| {}),
        Err(error) => {
            // Nobody sees a window that could not be opened: standard error is all there is.
            #[allow(clippy::print_stderr, reason = "the last resort")]
            {
                eprintln!("reprieve-window: the window could not be opened: {error}");
            }
            std::process::exit(1);
        }
    }
}
