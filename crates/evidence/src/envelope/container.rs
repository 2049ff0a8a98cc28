//! What `docker compose logs` puts in front of a line: a name, a bar, and colours.

use memchr::memchr;

/// The longest name that is looked for.
const LONGEST_PREFIX: usize = 96;

/// What follows `postfix-mailcow-1  | `.
pub fn unprefixed(line: &[u8]) -> Option<&[u8]> {
    let bar = memchr(b'|', line.get(..LONGEST_PREFIX.min(line.len()))?)?;
    let name = line.get(..bar)?.strip_suffix(b" ")?.trim_ascii_end();
    let rest = line.get(bar + 1..)?.strip_prefix(b" ")?;
    let is_name = !name.is_empty() && !name.contains(&b' ');
    is_name.then(|| uncoloured(rest))
}

/// The line without the ANSI colours it begins with.
pub fn uncoloured(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(b"\x1b[") {
        let Some(end) = memchr(b'm', rest.get(..16.min(rest.len())).unwrap_or_default()) else { break };
        line = rest.get(end + 1..).unwrap_or_default();
    }
    line
}
