//! What scripts read is what the published schemas say, to an outside judge: Python's jsonschema.

use std::fs;
use std::process::Command;

use crate::{FACTS, SAMPLE, draft};

fn run(arguments: &[&str]) -> Vec<u8> {
    Command::new(env!("CARGO_BIN_EXE_reprieve")).args(arguments).output().unwrap().stdout
}

/// What the judge has against a document; nothing where it holds.
fn complaints(schema: &[u8], document: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), content).unwrap();
        folder.path().join(name).to_str().unwrap().to_owned()
    };
    let script = "import json, jsonschema, sys\nschema, document = (json.load(open(name)) for name in sys.argv[1:])\njsonschema.Draft7Validator.check_schema(schema)\nfor error in list(jsonschema.Draft7Validator(schema).iter_errors(document))[:5]: print(list(error.absolute_path), error.message[:200])";
    let output = Command::new("python3").args(["-c", script, &write("schema", schema), &write("document", document)]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn documents_hold_what_their_schemas_say() {
    let out = tempfile::tempdir().unwrap();
    draft(out.path(), &FACTS, SAMPLE);
    let evidence = fs::read(out.path().join("evidence.json")).unwrap();
    assert_eq!(complaints(&run(&["schema", "evidence"]), &evidence), "");
    let scan = run(&["scan", "--json", "--tz", "UTC", "--provider", "all", SAMPLE, "/nowhere"]);
    assert_eq!(complaints(&run(&["schema", "reprieve.scan/1"]), &scan), "");
    for reply in ["550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected.", "no reply at all"] {
        assert_eq!(complaints(&run(&["schema", "explain"]), &run(&["explain", "--json", reply])), "");
    }
    let nobody = ["--nameserver", "127.0.0.1:9", "--timeout", "0.1", "--json"];
    let check = run(&[&["check", "--domain", "northwind.example", "--ip", "203.0.113.25"], &nobody[..]].concat());
    assert_eq!(complaints(&run(&["schema", "check"]), &check), "");
    let spf = run(&[&["check", "spf", "--ip", "203.0.113.25", "--mail-from", "a@b.example"], &nobody[..]].concat());
    assert_eq!(complaints(&run(&["schema", "spf"]), &spf), "");
    // The judge does find faults.
    assert!(!complaints(&run(&["schema", "evidence"]), b"{\"schema\": \"reprieve.evidence/2\"}").is_empty());
}
