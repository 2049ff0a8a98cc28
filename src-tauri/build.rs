//! Puts the page into the program.
#![allow(clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a build that cannot go on must stop")]

use std::fs;
use std::path::Path;

fn main() {
    // A fresh clone compiles before the page has been built.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("ui/dist").expect("ui/dist");
        fs::write(page, "<!doctype html><title>Not built</title><p>Run: npm --prefix ui run build").expect("a page that says what is missing");
    }
    for watched in ["src-tauri/capabilities", "src-tauri/permissions", "ui/dist"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml"));
    tauri_build::try_build(attributes).expect("tauri-build");
}
