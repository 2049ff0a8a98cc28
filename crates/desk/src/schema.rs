//! The schemas of what scripts read, published with the program.

use crate::Error;

const SCHEMAS: [(&str, &str); 5] = [
    ("scan", include_str!("../../../assets/schemas/scan.json")),
    ("evidence", include_str!("../../../assets/schemas/evidence.json")),
    ("check", include_str!("../../../assets/schemas/check.json")),
    ("spf", include_str!("../../../assets/schemas/spf.json")),
    ("explain", include_str!("../../../assets/schemas/explain.json")),
];

/// The JSON Schema of a document by its name, as in `scan` or `reprieve.scan/1`.
pub fn schema(name: &str) -> Result<&'static str, Error> {
    let short = name.strip_prefix("reprieve.").unwrap_or(name).trim_end_matches("/1");
    let found = SCHEMAS.iter().find(|(known, _)| *known == short).map(|(_, schema)| *schema);
    let names = || SCHEMAS.map(|(known, _)| known).join(", ");
    found.ok_or_else(|| Error::new("schema", format!("no schema is called `{name}`"), "reprieve schema", format!("choose {}", names())))
}
