//! What one system needs before the window is opened.

/// Without a graphics card WebKit paints through a simulated one, which is many times slower than painting without. It
/// listens to the environment alone, which can be changed safely only for a new program: so this one begins once more.
#[cfg(target_os = "linux")]
pub fn settle() {
    use std::os::unix::process::CommandExt;
    const PLAIN: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let is_card = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("renderD");
    let has_card = std::fs::read_dir("/dev/dri").is_ok_and(|entries| entries.flatten().any(is_card));
    if has_card || std::env::var_os(PLAIN).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // It comes back only where it could not begin; then the window is opened all the same.
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(PLAIN, "1").exec();
    }
}

/// Elsewhere there is nothing to settle.
#[cfg(not(target_os = "linux"))]
pub fn settle() {}
