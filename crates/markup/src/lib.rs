//! What the HTML of a mail shows and hides: its links, its hidden text, and the faults that an HTML parser finds. Whether any
//! of it is too much is not known here.

use checks::{Link, Markup};
use mail_parser::{Message, MessageParser, PartType};
use scraper::{ElementRef, Html, Selector};

/// How many links and faults are kept of a mail.
const MOST: usize = 200;

/// Looks at the HTML of a whole mail; nothing where it holds none.
pub fn read(raw: &[u8]) -> Option<Markup> {
    let message = MessageParser::default().parse(raw)?;
    let html = message.body_html(0).filter(|_| has_html(&message))?;
    Some(look(&html))
}

/// A part that is HTML, and not text that a reader would turn into it.
fn has_html(message: &Message<'_>) -> bool {
    message.parts.iter().any(|part| matches!(part.body, PartType::Html(_)))
}

/// How deep elements may lie in each other: a parser takes the square of it in time, and no mail comes near.
const DEEPEST: usize = 2000;

fn look(html: &str) -> Markup {
    if depth(html) > DEEPEST {
        return Markup { faults: vec![format!("elements lie more than {DEEPEST} deep in each other, so the rest was not looked at")], ..Markup::default() };
    }
    let document = Html::parse_document(html);
    Markup { faults: faults(html, &document), hidden: hidden(&document), links: links(&document), text: document.root_element().text().collect() }
}

/// How deep elements lie at most; those that hold nothing never close.
fn depth(html: &str) -> usize {
    const EMPTY: [&str; 8] = ["br", "img", "hr", "meta", "link", "input", "col", "wbr"];
    let (mut now, mut most) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let name = tag.split(|each: char| !each.is_ascii_alphanumeric()).next().unwrap_or_default();
        match tag.chars().next() {
            Some('/') => now = now.saturating_sub(1),
            Some(first) if first.is_ascii_alphabetic() && !EMPTY.iter().any(|empty| name.eq_ignore_ascii_case(empty)) => now += 1,
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// A mail needs no doctype; where it has none, the first token is not the one that a page would begin with.
fn faults(html: &str, document: &Html) -> Vec<String> {
    let has_doctype = html.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    let found = document.errors.iter().skip(usize::from(!has_doctype)).filter(|error| !error.contains("DOCTYPE"));
    found.take(MOST).map(ToString::to_string).collect()
}

/// How many signs of text stand in elements that nobody sees.
fn hidden(document: &Html) -> usize {
    let elements = select(document, "[style], [hidden]").into_iter().filter(is_hidden);
    elements.map(|element| element.text().map(|text| text.trim().chars().count()).sum::<usize>()).sum()
}

fn is_hidden(element: &ElementRef<'_>) -> bool {
    let style: String = element.attr("style").unwrap_or_default().chars().filter(|each| !each.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let ways = ["display:none", "visibility:hidden", "font-size:0;", "font-size:0px", "opacity:0;", "max-height:0"];
    element.attr("hidden").is_some() || ways.iter().any(|way| style.contains(way)) || style.ends_with("font-size:0") || style.ends_with("opacity:0")
}

fn links(document: &Html) -> Vec<Link> {
    let anchors = select(document, "a[href]").into_iter().take(MOST);
    anchors.map(|anchor| Link { to: anchor.attr("href").unwrap_or_default().to_owned(), text: anchor.text().collect::<String>().trim().to_owned() }).collect()
}

fn select<'d>(document: &'d Html, words: &str) -> Vec<ElementRef<'d>> {
    Selector::parse(words).map(|selector| document.select(&selector).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_hidden_text_and_faults_are_found() {
        let page = "<!DOCTYPE html><html><body><p>Hello <a href=\"https://x.example/1\">there</a></p><div style=\"Display : None\">secret</div><p hidden>more</p></body></html>";
        let found = look(page);
        assert_eq!((found.links.len(), found.hidden, found.faults.len()), (1, 10, 0), "{found:?}");
        assert_eq!((found.links[0].to.as_str(), found.links[0].text.as_str()), ("https://x.example/1", "there"));
        assert_eq!(look("<p>a</p>").faults, Vec::<String>::new());
        assert!(!look("<!DOCTYPE html><p>a</div></p>").faults.is_empty());
    }

    #[test]
    fn a_mail_without_html_has_no_markup() {
        for raw in [&b""[..], b"Subject: x\r\n\r\n<b>text</b>\r\n", &[0xff, 0x0a, 0x0d]] {
            assert_eq!(read(raw), None);
        }
        assert!(read(b"Content-Type: text/html\r\n\r\n<b>bold</b>\r\n").is_some());
        let deep = format!("Content-Type: text/html\r\n\r\n{}", "<div>".repeat(200_000));
        assert!(read(deep.as_bytes()).is_some_and(|markup| markup.faults.len() == 1));
        assert_eq!(depth("<p>a<br>b</p><p>c<img src=x></p>"), 1);
    }
}
