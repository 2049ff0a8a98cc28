//! Handing a draft over: it is shown, and goes out on a plain yes.

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use desk::{AccountView, Error, Handover, escape_controls};

use crate::args::MailArgs;
use crate::print;

/// It did not go out, or nobody knows.
const NOT_SENT: u8 = 1;

/// Sends a draft.
pub fn send(args: &MailArgs) -> Result<u8, Error> {
    let draft = draft(&args.draft)?;
    let preview = desk::preview(&draft)?;
    let files: String = preview.attachments.iter().map(|name| format!("Attached: {name}\n")).collect();
    show(&format!("From: {}\nTo: {}\nSubject: {}\n{files}\n{}", preview.from, preview.to.join(", "), preview.subject, preview.body));
    if !args.yes && !agreed("Send this?")? {
        return Ok(NOT_SENT);
    }
    let handed = desk::send(&draft, &account(args)?, args.again)?;
    Ok(tell(&handed, "sent"))
}

/// Files a draft.
pub fn file(args: &MailArgs) -> Result<u8, Error> {
    let draft = draft(&args.draft)?;
    show(&String::from_utf8_lossy(&draft));
    if !args.yes && !agreed("Put this into the Drafts folder?")? {
        return Ok(NOT_SENT);
    }
    let handed = desk::file(&draft, &account(args)?)?;
    Ok(tell(&handed, "filed"))
}

/// Writes down that a draft went out by other means.
pub fn declare(path: &Path) -> Result<u8, Error> {
    desk::declare(&draft(path)?)?;
    let _ = print::out("written down: a letter about these addresses is open\n");
    Ok(0)
}

fn draft(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::new("message", error, path.display(), "name the ticket.eml that `reprieve draft` wrote"))
}

/// Line by line, so that no control character of a draft reaches the terminal.
fn show(text: &str) {
    const MOST: usize = 200;
    text.lines().take(MOST).for_each(print::err);
    // Attachments are long, and nobody reads their code.
    let more = text.lines().skip(MOST).count();
    if more > 0 {
        print::err(&format!("… and {more} more lines"));
    }
}

fn agreed(question: &str) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::new("unasked", "there is nobody to ask", "standard input", "look at the draft, and add --yes"));
    }
    let mut answer = String::new();
    let _ = write!(io::stderr(), "\n{question} [y/N] ");
    let _ = io::stdin().read_line(&mut answer);
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn account(args: &MailArgs) -> Result<AccountView, Error> {
    let mut view = AccountView {
        server: args.server.clone(),
        security: args.tls.clone(),
        user: args.user.clone(),
        secret: String::new(),
        token: args.token,
        remember: args.remember,
        authority: args.authority.clone(),
    };
    view.secret = match &args.secret {
        Some(path) => secret(path)?,
        None if args.user.is_empty() || desk::has_secret(&view) || !io::stdin().is_terminal() => String::new(),
        None => rpassword::prompt_password(format!("Password of {}: ", escape_controls(args.user.as_bytes()))).unwrap_or_default(),
    };
    Ok(view)
}

fn secret(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Error::new("account", error, path.display(), "name a file that holds the password"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn tell(handed: &Handover, done: &str) -> u8 {
    let _ = print::out(&format!("{}: {}\n", handed.state, escape_controls(handed.said.as_bytes())));
    if handed.state == done { 0 } else { NOT_SENT }
}
