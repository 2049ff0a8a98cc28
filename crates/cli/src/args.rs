//! What can be asked on the command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Finds what Apple iCloud Mail answered in your mail logs, says whose door the case belongs at, and drafts the request.
#[derive(Debug, Parser)]
#[command(name = "reprieve", version, after_help = "Example: reprieve draft --company 'Northwind Traders AB' --ip 203.0.113.25 --out case /var/log/mail.log*")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read logs and print what the provider answered
    #[command(after_help = "Example: reprieve scan --tz Europe/Stockholm /var/log/mail.log*")]
    Scan(ScanArgs),
    /// Read logs and write the request to the provider
    #[command(
        after_help = "Example: reprieve draft --company 'Northwind Traders AB' --domain northwind.example --ip 203.0.113.25 --tz UTC --out case mail.log"
    )]
    Draft(Box<DraftArgs>),
    /// Check the sender's set-up as a receiver sees it: SPF, DKIM, DMARC, names. Asks DNS, and only when you run it
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Example: reprieve check --domain northwind.example --ip 203.0.113.25 --helo mail.northwind.example --selector s2026"
    )]
    Check(Box<CheckArgs>),
    /// Say what one reply means and whose door it is
    #[command(after_help = "Example: reprieve explain '554 5.7.1 [HM08] Message rejected due to local policy.'")]
    Explain(ExplainArgs),
    /// Work on the rules
    #[command(subcommand)]
    Providers(ProvidersCommand),
    /// Say how to get the evidence out of Plesk, cPanel, mailcow, Exchange, …
    #[command(after_help = "Example: reprieve howto cpanel\n         reprieve howto plesk --mail   # a mail to whoever has root")]
    Howto {
        /// The place; without one, all are listed
        name: Option<String>,
        /// The mail that asks whoever has access
        #[arg(long)]
        mail: bool,
    },
    /// List the logs that are read
    Formats,
    /// Send a draft through your submission server, after you have seen it
    #[cfg(feature = "post")]
    #[command(after_help = "Example: reprieve send case/ticket.eml --server mail.fjordit.example --user maria@fjordit.example")]
    Send(MailArgs),
    /// Put a draft into the Drafts folder of an IMAP account
    #[cfg(feature = "post")]
    #[command(after_help = "Example: reprieve file case/ticket.eml --server imap.fjordit.example --user maria@fjordit.example")]
    File(MailArgs),
    /// Show what left the house, or settle what is open
    #[command(after_help = "Example: reprieve journal\n         reprieve journal --settle 203.0.113.25")]
    Journal {
        /// Mail flows again, or the case was given up: a reference or an address
        #[arg(long, value_name = "REF|IP")]
        settle: Option<String>,
        /// This draft went out by other means
        #[cfg(feature = "post")]
        #[arg(long, value_name = "FILE.eml", conflicts_with = "settle")]
        sent: Option<PathBuf>,
        /// One JSON line for each entry
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of what is printed: scan, check, explain, spf or evidence
    #[command(after_help = "Example: reprieve schema evidence")]
    Schema {
        /// Which one
        name: String,
    },
}

/// What to read, and how.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true)]
    pub path: Vec<PathBuf>,
    /// Whose refusals: icloud, gmail, outlook, yahoo, …, or all
    #[arg(long, default_value = "icloud", value_name = "NAME")]
    pub provider: String,
    /// Zone of stamps that have none, as in Europe/Stockholm [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Newest possible year of stamps that have none [default: from the file's time, else now]
    #[arg(long, value_name = "YYYY")]
    pub until_year: Option<i32>,
    /// Only attempts from this time on: a date, or RFC 3339
    #[arg(long, value_name = "T")]
    pub since: Option<String>,
    /// Only attempts up to this time
    #[arg(long, value_name = "T")]
    pub until: Option<String>,
    /// You saw on the provider's status page that it had an outage then
    #[arg(long)]
    pub outage: bool,
    /// Overrule the recognition of the format
    #[arg(long, value_name = "NAME")]
    pub format: Option<String>,
    /// Reading threads [default: one for each core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Folder with your own rule files [default: reprieve/rules in the settings folder]
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Bytes that one thread reads at a time; changes no result
    #[arg(long, value_name = "BYTES", hide = true)]
    pub part: Option<u64>,
}

/// Local parts of recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Redact {
    /// As they are.
    None,
    /// Replaced by tokens.
    Recipients,
}

/// `scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// What to read.
    #[command(flatten)]
    pub read: ReadArgs,
    /// One JSON document
    #[arg(long, conflicts_with = "attempts")]
    pub json: bool,
    /// One JSON line for each attempt
    #[arg(long)]
    pub attempts: bool,
    /// Ask DNS for the addresses of the server's own names: they become candidates for the sending address
    #[arg(long)]
    pub resolve: bool,
    /// The name server that --resolve asks [default: the system's]
    #[arg(long, value_name = "HOST:PORT", requires = "resolve")]
    pub nameserver: Option<String>,
    /// Only the story of one queue id or Message-ID
    #[arg(long, value_name = "ID")]
    pub message: Option<String>,
    /// Local parts of recipients
    #[arg(long, default_value = "none")]
    pub redact: Redact,
}

/// `draft`.
#[derive(Debug, Args)]
pub struct DraftArgs {
    /// What to read.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Overwrite files that are there already
    #[arg(long)]
    pub force: bool,
    /// The company whose mail it is
    #[arg(long)]
    pub company: Option<String>,
    /// Its e-mail domain
    #[arg(long)]
    pub domain: Option<String>,
    /// A public address that sends to the provider; may repeat
    #[arg(long)]
    pub ip: Vec<IpAddr>,
    /// What else is to be said of the addresses, as in 'dedicated to this domain since 2023-05'
    #[arg(long, value_name = "TEXT")]
    pub ip_note: Option<String>,
    /// Who writes: `NAME <ADDRESS>`
    #[arg(long)]
    pub from: Option<String>,
    /// Who gets a copy; may repeat
    #[arg(long)]
    pub cc: Vec<String>,
    /// Who runs the server, when it is not the company
    #[arg(long)]
    pub operator: Option<String>,
    /// By what right the operator writes, as in 'write with its authority'
    #[arg(long)]
    pub authority: Option<String>,
    /// What kind of mail it is, and how much
    #[arg(long)]
    pub mail_kind: Option<String>,
    /// What caused the block, or what you checked and did not find
    #[arg(long)]
    pub cause: Option<String>,
    /// What was stopped or changed, and when
    #[arg(long)]
    pub fixed: Option<String>,
    /// What was checked, and when
    #[arg(long)]
    pub checked: Option<String>,
    /// What the sender states of what cannot be measured: ID=ANSWER, as in opt_in='confirmed by mail'; may repeat
    #[arg(long, value_name = "ID=ANSWER")]
    pub declare: Vec<String>,
    /// Who states it
    #[arg(long, value_name = "NAME", requires = "declare")]
    pub declared_by: Option<String>,
    /// When it started, where the log begins later
    #[arg(long)]
    pub started: Option<String>,
    /// Your own reference
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// Who writes: the operator of the address, a sender on a shared pool, or a host of many [default: from the evidence]
    #[arg(long, value_name = "FORM", value_parser = ["operator", "pool", "host"])]
    pub form: Option<String>,
    /// Who operates the pool of addresses that is shared with others
    #[arg(long, value_name = "NAME")]
    pub pool: Option<String>,
    /// What explains the blockers that the check finds
    #[arg(long, value_name = "TEXT")]
    pub explained: Option<String>,
    /// Why the letter goes out although something stands in the way; goes into the journal, not into the letter
    #[arg(long, value_name = "REASON")]
    pub overrule: Option<String>,
    /// Write what is new since the letter of this time: RFC 3339, or a date
    #[arg(long, value_name = "T")]
    pub follow_up: Option<String>,
    /// The Message-ID of that letter, so that the follow-up lands in its thread
    #[arg(long, value_name = "MESSAGE-ID")]
    pub thread: Option<String>,
    /// File with the same facts, in TOML
    #[arg(long, value_name = "FILE.toml")]
    pub client: Option<PathBuf>,
    /// Language of the client's report: en, sv or nl
    #[arg(long, default_value = "en", value_parser = ["en", "sv", "nl"])]
    pub lang: String,
    /// A document that goes along with ticket.eml; may repeat. Apple reads no attachments: this is for other readers
    #[arg(long, value_name = "DOCUMENT", value_parser = ["pdf", "bundle", "json", "csv", "xlsx", "note", "handover"])]
    pub attach: Vec<String>,
    /// The name that the server gives in EHLO, for the check; may repeat
    #[arg(long, value_name = "NAME")]
    pub helo: Vec<String>,
    /// A DKIM selector, or SELECTOR:DOMAIN, for the check; may repeat
    #[arg(long, value_name = "NAME")]
    pub selector: Vec<String>,
    /// An address that is your own and static, so that the check may write it into a record; may repeat
    #[arg(long, value_name = "IP")]
    pub own: Vec<IpAddr>,
    /// The name server that the check asks [default: the system's]
    #[arg(long, value_name = "HOST:PORT")]
    pub nameserver: Option<String>,
    /// How long one question of the check waits
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub timeout: f64,
    /// A name that has mail servers, to test the name server with
    #[arg(long, value_name = "NAME", default_value = "icloud.com")]
    pub control: String,
    /// Do not run the authentication check
    #[arg(long)]
    pub no_check: bool,
    /// Local parts of recipients
    #[arg(long, default_value = "recipients")]
    pub redact: Redact,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// One question alone.
    #[command(subcommand)]
    pub only: Option<CheckOnly>,
    /// The domain that people see as the sender's [default: of the message]
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
    /// An address that mail is sent from; may repeat
    #[arg(long)]
    pub ip: Vec<IpAddr>,
    /// An address that is your own and static, so that it may be written into the SPF record; may repeat
    #[arg(long, value_name = "IP")]
    pub own: Vec<IpAddr>,
    /// The name that the server gives in EHLO; may repeat
    #[arg(long, value_name = "NAME")]
    pub helo: Vec<String>,
    /// An envelope sender or its domain; may repeat
    #[arg(long, value_name = "ADDRESS")]
    pub mail_from: Vec<String>,
    /// A DKIM selector, or SELECTOR:DOMAIN; may repeat
    #[arg(long, value_name = "NAME")]
    pub selector: Vec<String>,
    /// A mail that was sent, or a bounce with its header fields: domain, envelope sender and selectors are taken from it
    #[arg(long, value_name = "FILE.eml")]
    pub message: Option<PathBuf>,
    /// Whether it is mail to many [default: by the log]
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub bulk: Option<String>,
    /// What the sender states of what cannot be measured: ID=ANSWER, as in opt_in='confirmed by mail'; may repeat
    #[arg(long, value_name = "ID=ANSWER")]
    pub declare: Vec<String>,
    /// Who states it
    #[arg(long, value_name = "NAME", requires = "declare")]
    pub declared_by: Option<String>,
    /// A log of the server, a bounce, a DMARC report or a configuration: whatever is not said here is taken from it; may repeat
    #[arg(long, value_name = "PATH")]
    pub log: Vec<PathBuf>,
    /// Zone of the log's stamps that have none [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Blocklists too: links to look at; those that a key or --list allows are asked
    #[arg(long)]
    pub lists: bool,
    /// A list whose terms hold for you, so that it is asked: spamhaus_zen, spamhaus_dbl, spamcop or psbl; may repeat
    #[arg(long, value_name = "NAME", requires = "lists")]
    pub list: Vec<String>,
    /// A file that holds your own key for Spamhaus' Data Query Service
    #[arg(long, value_name = "FILE", requires = "lists")]
    pub spamhaus_key: Option<PathBuf>,
    /// A name that has mail servers, to test the name server with
    #[arg(long, value_name = "NAME", default_value = "icloud.com")]
    pub control: String,
    /// A name that cannot be there, to test the name server with
    #[arg(long, value_name = "NAME", default_value = "reprieve-control-4d2f09ce.example.com")]
    pub control_absent: String,
    /// The port at which the domain's own name servers are asked
    #[arg(long, value_name = "PORT", hide = true)]
    pub port: Option<u16>,
    /// Whom to ask.
    #[command(flatten)]
    pub dns: DnsArgs,
}

/// Whom to ask, and how.
#[derive(Debug, Args)]
pub struct DnsArgs {
    /// The name server to ask [default: the system's]
    #[arg(long, value_name = "HOST:PORT")]
    pub nameserver: Option<String>,
    /// How long one try waits for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub timeout: f64,
    /// One JSON document
    #[arg(long)]
    pub json: bool,
}

/// `check spf`.
#[derive(Debug, Subcommand)]
pub enum CheckOnly {
    /// Evaluate SPF for one sender, and show the walk; without an address, walk the domain's whole tree and count it
    #[command(
        after_help = "Example: reprieve check spf --ip 203.0.113.25 --mail-from maria@northwind.example --helo mail.northwind.example\n         reprieve check spf --domain northwind.example"
    )]
    Spf {
        /// The address that mail is sent from
        #[arg(long, required_unless_present = "domain")]
        ip: Option<IpAddr>,
        /// The domain whose whole tree is walked, where no address is given
        #[arg(long, value_name = "NAME")]
        domain: Option<String>,
        /// The envelope sender; empty for a bounce
        #[arg(long, value_name = "ADDRESS", default_value = "")]
        mail_from: String,
        /// The name that the server gives in EHLO
        #[arg(long, value_name = "NAME", default_value = "")]
        helo: String,
        /// Whom to ask.
        #[command(flatten)]
        dns: DnsArgs,
    },
}

/// `send` and `file`.
#[cfg(feature = "post")]
#[derive(Debug, Args)]
pub struct MailArgs {
    /// The draft, as `reprieve draft` wrote it
    pub draft: PathBuf,
    /// The server: HOST or HOST:PORT
    #[arg(long, value_name = "HOST[:PORT]")]
    pub server: String,
    /// How the connection is protected; none only for a server on this machine
    #[arg(long, default_value = "starttls", value_parser = ["starttls", "tls", "none"])]
    pub tls: String,
    /// The login [default: none]
    #[arg(long, value_name = "NAME", default_value = "")]
    pub user: String,
    /// A file that holds the password or the token, or - for standard input [default: the keyring, then you are asked]
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
    /// The secret is an OAuth 2 access token (XOAUTH2)
    #[arg(long)]
    pub token: bool,
    /// Keep the secret in the system's keyring, once it proved right
    #[arg(long)]
    pub remember: bool,
    /// Certificates (PEM) that are trusted beside the system's
    #[arg(long, value_name = "FILE.pem")]
    pub authority: Option<PathBuf>,
    /// Do not ask: you have seen the draft
    #[arg(long)]
    pub yes: bool,
    /// Send although this very draft went out, or may have
    #[arg(long)]
    pub again: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The remote host's name
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// The remote host's address
    #[arg(long, alias = "remote-ip", value_name = "IP")]
    pub ip: Option<IpAddr>,
    /// The recipient
    #[arg(long, value_name = "ADDRESS")]
    pub recipient: Option<String>,
    /// Folder with your own rule files
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// One JSON document
    #[arg(long)]
    pub json: bool,
    /// The reply, verbatim
    #[arg(required = true)]
    pub reply: Vec<String>,
}

/// `providers`.
#[derive(Debug, Subcommand)]
pub enum ProvidersCommand {
    /// Prove rule files: syntax, samples, sources and dates; without files, the built-in rules
    Check {
        /// Rule files
        file: Vec<PathBuf>,
    },
}
