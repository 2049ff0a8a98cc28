//! The hand-over pack: the client sends the letter in its own name, and is told how, what to expect and what not to do.

use casework::Facts;

use crate::{Brief, Letter, date, letter, look_again};

/// What to do meanwhile, and what not: each item stands in the report too, in the client's language.
const MEANWHILE: [&str; 5] = [
    "Do not send refused messages again, and do not flush the queue. What was put off is tried again by itself.",
    "Do not change addresses, names of the server or the domain while the case is open, unless a check failed.",
    "Pause newsletters and other bulk mail to iCloud.",
    "For urgent mail use the telephone, or another service that may send for your domain and that your recipients agreed to.",
    "Do not write a second time within three working days, and never without something new.",
];

/// The facts with which the client writes for itself: no operator stands between.
pub fn own_facts(facts: &Facts, writer: Option<&str>) -> Facts {
    Facts { operator: None, authority: None, from: writer.map(str::to_owned), cc: Vec::new(), ..facts.clone() }
}

/// The pack as text. `brief` is the case with the client's own facts.
pub fn handover(brief: &Brief<'_>) -> (Letter, String) {
    let letter = letter::write(brief);
    let mut text = "How to send this letter yourself\n\n".to_owned();
    text += "1. Open a new message in your mail program, from a named person's address at your own domain. Not from iCloud, not from a free mailbox, not from a\n   ticket system that answers by itself.\n";
    text += &format!("2. To: {}\n3. Subject: {}\n", letter.to, letter.subject);
    text += "4. Text: everything between the lines below, as plain text. Attach nothing.\n5. Fill in what stands in [TO FILL IN: …]; a letter with a gap is not answered.\n";
    text += "6. Allow replies from apple.com in your own spam filter before you send.\n\n";
    text += &format!("{LINE}\n{}{LINE}\n\n", letter.body);
    text += "What to expect\n\n- Apple promises no time. Answers come within hours or days, or the block ends without a word.\n- If Apple asks something, answer in the same thread.\n";
    text += &format!(
        "- On {} look at new logs together with whoever gave you this. It is over when at least 20 messages were accepted within 24 hours.\n\n",
        date(look_again(brief.now))
    );
    text += "Until then\n\n";
    text.extend(MEANWHILE.iter().map(|item| format!("- {item}\n")));
    (letter, text)
}

const LINE: &str = "----------------------------------------------------------------------";
