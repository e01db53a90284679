//! TEMPORARY
use std::path::{Path, PathBuf};
pub(crate) struct OutputFile {
    pub path: String,
    pub body: String,
}
pub(crate) struct Report {
    pub written: usize,
    pub unchanged: usize,
    pub removed: Vec<PathBuf>,
}
pub(crate) enum Overwrite {
    Never,
    Force,
}
pub(crate) fn publish(out: &Path, files: &[OutputFile], _o: Overwrite) -> std::io::Result<Report> {
    for f in files {
        let p = out.join(&f.path);
        std::fs::create_dir_all(p.parent().unwrap())?;
        std::fs::write(p, format!("# flowship\n{}", f.body))?;
    }
    Ok(Report { written: files.len(), unchanged: 0, removed: vec![] })
}
