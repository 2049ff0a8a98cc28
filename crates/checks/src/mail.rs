//! A mail that was sent, as bytes and as header fields. It deliberately decodes nothing: what a receiver judges is the form.

/// A mail that was sent, or its header fields as a bounce returned them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// The bytes.
    pub raw: Vec<u8>,
    /// Whether the body is there as it was sent.
    pub whole: bool,
    /// What its HTML shows and hides; nothing where it holds none.
    pub markup: Option<Markup>,
}

/// What the HTML of a mail shows and hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// What an HTML parser objects to.
    pub faults: Vec<String>,
    /// How many signs of text stand in elements that nobody sees.
    pub hidden: usize,
    /// The links.
    pub links: Vec<Link>,
    /// Its text.
    pub text: String,
}

/// A link: what it says, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub to: String,
    /// What it says.
    pub text: String,
}

/// A header field (RFC 5322, section 2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in lower case.
    pub name: String,
    /// Its value, unfolded; bytes that are no UTF-8 are replaced.
    pub value: String,
    /// Its bytes, with the name and without the last line end.
    pub raw: Vec<u8>,
}

impl Mail {
    /// The header fields in their order.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Vec<u8>> = Vec::new();
        for line in self.raw.split(|byte| *byte == b'\n') {
            let bare = line.strip_suffix(b"\r").unwrap_or(line);
            match (bare.first(), fields.last_mut()) {
                (None, _) => break,
                (Some(b' ' | b'\t'), Some(last)) => {
                    last.push(b'\n');
                    last.extend_from_slice(bare);
                }
                _ => fields.push(bare.to_vec()),
            }
        }
        fields.into_iter().filter_map(field).collect()
    }

    /// The values of a header field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields().into_iter().filter(|field| field.name == name).map(|field| field.value).collect()
    }

    /// The body, as far as it is there.
    pub fn body(&self) -> &[u8] {
        let crlf = memchr::memmem::find(&self.raw, b"\r\n\r\n").map(|at| at + 4);
        let lf = memchr::memmem::find(&self.raw, b"\n\n").map(|at| at + 2);
        let start = crlf.into_iter().chain(lf).min().unwrap_or(self.raw.len());
        self.raw.get(start..).unwrap_or_default()
    }
}

fn field(raw: Vec<u8>) -> Option<Field> {
    let colon = raw.iter().position(|byte| *byte == b':')?;
    let (name, value) = raw.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let value = String::from_utf8_lossy(value.get(1..)?).replace(['\n', '\r'], "").trim().to_owned();
    is_name.then(|| Field { name: String::from_utf8_lossy(name).to_ascii_lowercase(), value, raw: raw.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_end_at_the_empty_line() {
        let mail = Mail { raw: b"From: a@x.example\r\nSubject: one\r\n\ttwo\r\nodd line\r\n\r\nBody: none\r\n".to_vec(), whole: true, markup: None };
        let fields: Vec<(String, String)> = mail.fields().into_iter().map(|field| (field.name, field.value)).collect();
        assert_eq!(fields, [("from".into(), "a@x.example".into()), ("subject".into(), "one\ttwo".into())]);
        assert_eq!((mail.all("subject").len(), mail.body()), (1, &b"Body: none\r\n"[..]));
        assert!(Mail::default().fields().is_empty() && Mail::default().body().is_empty());
    }
}
