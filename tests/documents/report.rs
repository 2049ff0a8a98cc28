//! The PDF is what it says it is, holds every figure of the case, and comes out the same again. Outside judges read it:
//! poppler its text, qpdf its structure.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::{FACTS, SAMPLE, draft};

fn text(pdf: &Path) -> String {
    let output = Command::new("pdftotext").args(["-layout", pdf.to_str().unwrap(), "-"]).output().expect("pdftotext, of poppler-utils");
    String::from_utf8(output.stdout).unwrap()
}

/// Every object of a PDF, streams and all.
fn objects(pdf: &Path) -> String {
    let output: Output =
        Command::new("qpdf").args(["--qdf", "--object-streams=disable", "--stream-data=uncompress", pdf.to_str().unwrap(), "-"]).output().expect("qpdf");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What an archivable and accessible document must have, and lacks.
fn lacks(objects: &str, language: &str) -> Vec<String> {
    let lang = format!("/Lang ({language})");
    let wanted = [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/StructTreeRoot",
        "/Marked true",
        "/DisplayDocTitle true",
        "/Alt ",
        "/FontFile",
        "/TH",
        lang.as_str(),
        "<dc:title>",
    ];
    let has = |mark: &&str| objects.contains(*mark) || (mark.starts_with("/FontFile") && objects.contains("/FontFile3"));
    wanted.iter().filter(|mark| !has(mark)).map(|mark| (*mark).to_owned()).collect()
}

fn report(more: &[&str]) -> tempfile::TempDir {
    let out = tempfile::tempdir().unwrap();
    let output = draft(out.path(), &[&FACTS[..], more].concat(), SAMPLE);
    assert!(out.path().join("report.pdf").exists(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

#[test]
fn it_is_archivable_and_accessible_in_every_language() {
    for language in ["en", "sv", "nl"] {
        let out = report(&["--lang", language]);
        let pdf = out.path().join("report.pdf");
        let objects = objects(&pdf);
        assert_eq!(lacks(&objects, language), Vec::<String>::new(), "{language}");
        // The judge itself is judged: a document without one of its marks does not pass.
        for mark in ["pdfuaid:part", "/StructTreeRoot", "/Marked true", "/Alt ", "/Lang ("] {
            assert!(!lacks(&objects.replace(mark, "gone"), language).is_empty(), "{mark}");
        }
        let check = Command::new("qpdf").args(["--check", pdf.to_str().unwrap()]).output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    }
}

#[test]
fn it_holds_every_figure_of_the_case() {
    let out = report(&[]);
    let text = text(&out.path().join("report.pdf"));
    let evidence: Value = serde_json::from_slice(&fs::read(out.path().join("evidence.json")).unwrap()).unwrap();
    let with_groups = |number: u64| if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) };
    for key in ["delivered", "deferred", "rejected", "messages", "recipients"] {
        let figure = with_groups(evidence["totals"][key].as_u64().unwrap());
        assert!(text.contains(&figure), "{key} {figure}");
    }
    for finding in evidence["findings"].as_array().unwrap() {
        let first = finding["first"].as_str().unwrap().replace('T', " ");
        assert!(text.contains(&with_groups(finding["messages"].as_u64().unwrap())) && text.contains(first.get(..16).unwrap()), "{finding}");
    }
    for words in [
        "NW-1042",
        "203.0.113.25",
        "349 of 366 messages",
        "one account abused",
        "[HCM2]",
        "[HM08]",
        "2026-10-08",
        "I would like to open a deliverability ticket",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("U+"), "every character of the report itself is in its fonts");
}

#[test]
fn the_same_case_gives_the_same_bytes_and_another_brand_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("logo.svg"),
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#8a2f5c"/></svg>"##,
    )
    .unwrap();
    let client = folder.path().join("client.toml");
    let logo = folder.path().join("logo.svg");
    let write = |more: &str| {
        fs::write(&client, format!("[report]\nbrand = \"Fjord 例\"\ncolour = \"#8a2f5c\"\nauthor = \"Maria Lind\"\napproval-date = \"05-OCT-2026\"\n{more}"))
            .unwrap()
    };
    write(&format!("logo = {:?}\nphone = \"+46 8 000 00 00\"\n", logo.to_str().unwrap()));
    let with = ["--client", client.to_str().unwrap()];
    let pdf = |out: &tempfile::TempDir| fs::read(out.path().join("report.pdf")).unwrap();
    let (plain, one, two) = (report(&[]), report(&with), report(&with));
    assert!(pdf(&one) == pdf(&two) && pdf(&one) != pdf(&plain));
    let text = text(&one.path().join("report.pdf"));
    assert!(text.contains("Fjord [U+4F8B]") && text.contains("not in its fonts") && text.contains("1.0") && text.contains("+46 8 000 00 00"), "{text}");
    write("logo = \"/nowhere/logo.png\"\n");
    let out = tempfile::tempdir().unwrap();
    let output = draft(out.path(), &[&FACTS[..], &with].concat(), SAMPLE);
    assert!(output.status.code() == Some(2) && String::from_utf8_lossy(&output.stderr).contains("/nowhere/logo.png"));
}
