//! The real window on a display of its own, driven through WebDriver.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A process that ends with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A window, its display, its driver, and a home folder of its own.
pub struct Window {
    pub client: Client,
    pub display: String,
    /// Kept until the window is closed.
    _home: TempDir,
    _running: Vec<Running>,
}

/// A free display: Xvfb picks the number itself and writes it to the pipe.
fn display() -> (Running, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb: apt-get install xvfb");
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Running(server), format!(":{}", line.trim()))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Opens the window with files named on its command line.
pub async fn open(files: &[&Path]) -> Window {
    start(json!({"binary": env!("CARGO_BIN_EXE_reprieve-window"), "args": files})).await
}

/// Opens the page in a plain browser, without any shell: it answers from the recorded sample.
pub async fn browse() -> Window {
    let browser = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
    let window = start(json!({"binary": browser, "args": ["--automation"]})).await;
    window.client.goto(&serve()).await.unwrap();
    window
}

/// Serves the built page on this machine for as long as the tests run.
fn serve() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| drop(answer(stream))));
    address
}

fn answer(mut stream: std::net::TcpStream) -> std::io::Result<()> {
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or_default().trim_start_matches('/');
    let file = if path.is_empty() { "index.html" } else { path };
    let content = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dist").join(file)).unwrap_or_default();
    let kind = match file.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        _ => "application/octet-stream",
    };
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", content.len())?;
    stream.write_all(&content)
}

async fn start(options: Value) -> Window {
    let home = tempfile::tempdir().unwrap();
    let (server, display) = display();
    // Without a window manager no dialog of the system gets the keyboard.
    let manager = Command::new("openbox").env("DISPLAY", &display).env("HOME", home.path()).stderr(Stdio::null()).spawn().expect("apt-get install openbox");
    let port = free_port();
    let driver = Command::new("WebKitWebDriver")
        .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
        .env("DISPLAY", &display)
        .env("GDK_BACKEND", "x11")
        .env("GTK_THEME", "Adwaita")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        // Some hours after the sample's newest refusal, so that its letter can be ready.
        .env("SOURCE_DATE_EPOCH", "1791194400")
        .env("LANG", "C.UTF-8")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("WebKitWebDriver: apt-get install webkit2gtk-driver");
    let running = vec![Running(driver), Running(manager), server];
    let capabilities = json!({"webkitgtk:browserOptions": options});
    let url = format!("http://127.0.0.1:{port}");
    let begun = Instant::now();
    let client = loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match soon("open", builder.capabilities(capabilities.as_object().unwrap().clone()).connect(&url)).await {
            Ok(client) => break client,
            Err(error) if begun.elapsed() > Duration::from_secs(20) => panic!("no window: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    Window { client, display, _home: home, _running: running }
}

/// What a driver answers within half a minute: a test that waits for ever says nothing.
async fn soon<T>(what: &str, answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), answer).await.unwrap_or_else(|_| panic!("the driver does not answer: {what}"))
}

impl Window {
    /// The element, as soon as it is there.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(Duration::from_secs(15)).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Clicks an element, as soon as it stands still.
    pub async fn click(&self, css: &str) {
        let begun = Instant::now();
        self.find(css).await;
        self.run(&format!("document.querySelector(`{css}`).scrollIntoView({{block: 'center'}})")).await;
        while let Err(error) = self.find(css).await.click().await {
            assert!(begun.elapsed() < Duration::from_secs(5), "{css}: {error:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Waits until an element's text holds some words.
    pub async fn wait_for(&self, css: &str, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let text = self.text(css).await;
            if text.contains(words) {
                return text;
            }
            assert!(begun.elapsed() < Duration::from_secs(15), "{css} does not come to say {words}: {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Puts a value into a field, as if it had been typed, and leaves the field.
    pub async fn fill(&self, css: &str, value: &str) {
        let element = self.find(css).await;
        self.run(&format!("const e = document.querySelector('{css}'); e.scrollIntoView({{block: 'center'}}); e.focus(); e.select()")).await;
        element.send_keys(value).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        self.run("document.activeElement.blur()").await;
    }

    pub async fn run(&self, script: &str) -> Value {
        soon(script, self.client.execute(script, Vec::new())).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    pub async fn choose(&self, css: &str, value: &str) {
        let script = format!("const s = document.querySelector('{css}'); s.value = '{value}'; s.dispatchEvent(new Event('change', {{bubbles: true}}))");
        self.run(&script).await;
    }

    /// Types with the system's keyboard, where the page's driver does not reach.
    pub fn keyboard(&self, arguments: &[&str]) {
        let status = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).status().expect("apt-get install xdotool");
        assert!(status.success(), "xdotool {arguments:?}");
    }

    /// What axe finds wrong.
    pub async fn axe(&self) -> Vec<String> {
        let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js")).unwrap();
        self.run(&format!("{source};window.axe = axe")).await;
        let script =
            "const done = arguments[arguments.length - 1]; axe.run().then(found => done(found.violations), error => done([{id: String(error), nodes: []}]))";
        let found = self.client.execute_async(script, Vec::new()).await.unwrap();
        let target = |node: &Value| node["target"].to_string() + " " + node["failureSummary"].as_str().unwrap_or_default();
        let violations = found.as_array().unwrap().iter();
        violations.map(|one| format!("{}: {}", one["id"], one["nodes"].as_array().unwrap().iter().map(target).collect::<Vec<_>>().join("; "))).collect()
    }

    pub async fn size(&self, width: u32, height: u32) {
        soon("size", self.client.set_window_rect(0, 0, width, height)).await.unwrap();
    }

    /// Takes a picture of the window off the display: the driver waits for ever for one where nothing is painted.
    pub async fn picture(&self, file: &Path) {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let on_display = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).env("DISPLAY", &self.display).output().expect(program);
        let found = on_display("xdotool", &["search", "--onlyvisible", "--name", "^Reprieve$"]);
        let id = String::from_utf8(found.stdout).unwrap().lines().next().expect("a window").to_owned();
        let taken = on_display("import", &["-window", &id, file.to_str().unwrap()]);
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    }

    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}

/// The sample log as an older syslog writes it: without year and zone.
pub fn traditional(folder: &Path) -> PathBuf {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = std::fs::read_to_string(sample(folder)).unwrap();
    let line = |line: &str| {
        let (stamp, rest) = line.split_once(' ').unwrap();
        let number = |from: usize| stamp.get(from..from + 2).unwrap().parse::<usize>().unwrap();
        format!("{} {:>2} {} {rest}\n", MONTHS[number(5) - 1], number(8), stamp.get(11..19).unwrap())
    };
    let log = folder.join("traditional.log");
    std::fs::write(&log, text.lines().map(line).collect::<String>()).unwrap();
    log
}

/// The sample log under a name of its own.
pub fn sample(folder: &Path) -> PathBuf {
    let log = folder.join("mail.log");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples/mail.log"), &log).unwrap();
    log
}
