//! Files that a Flow refers to.

use std::io;
use std::path::{Path, PathBuf};

use flow_model::{LoadError, Loader};

use crate::input;

/// Reads files from the folder of the Flow.
#[derive(Debug)]
pub(crate) struct FolderLoader {
    folder: PathBuf,
    allow_outside: bool,
}

impl FolderLoader {
    /// A loader for the Flow in this file. With `allow_outside` it may refer to any file.
    pub(crate) fn of(flow: &Path, allow_outside: bool) -> Self {
        let folder = flow.parent().map(Path::to_owned).unwrap_or_default();
        Self { folder, allow_outside }
    }

    /// The folder and the path of a file, with links resolved, because a link may point anywhere.
    fn real(&self, path: &str) -> io::Result<(PathBuf, PathBuf)> {
        let folder = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
        let folder = folder.canonicalize()?;
        let file = folder.join(path).canonicalize()?;
        Ok((folder, file))
    }
}

impl Loader for FolderLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => LoadError::NotFound,
            _ => LoadError::Failed(error.to_string()),
        };
        let leads_out = path.starts_with('/') || path.starts_with("..");
        if leads_out && !self.allow_outside {
            return Err(LoadError::Outside);
        }
        let (folder, file) = self.real(path).map_err(failed)?;
        if !self.allow_outside && !file.starts_with(&folder) {
            return Err(LoadError::Outside);
        }
        let text = input::read_regular(&file).map_err(failed)?;
        text.map_err(|why| LoadError::Failed(why.to_string()))
    }
}

/// A Flow that a program passes has no folder.
#[derive(Debug)]
pub(crate) struct ValueLoader;

impl Loader for ValueLoader {
    fn load(&self, _path: &str) -> Result<String, LoadError> {
        let why = "a Flow that is not in a file has no folder; pass the path of the Flow's file";
        Err(LoadError::Failed(why.to_owned()))
    }
}

/// A Flow from stdin has no folder.
#[derive(Debug)]
pub(crate) struct StdinLoader;

impl Loader for StdinLoader {
    fn load(&self, _path: &str) -> Result<String, LoadError> {
        let why = "a Flow from stdin has no folder; pass the Flow's file instead of `-`";
        Err(LoadError::Failed(why.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use flow_model::{LoadError, Loader as _};

    use super::FolderLoader;

    #[test]
    fn files_outside_are_read_only_when_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("flow/sub")).unwrap();
        std::fs::write(at("flow/sub/in.yml"), "in").unwrap();
        std::fs::write(at("out.yml"), "out").unwrap();
        std::fs::write(at("flow/bytes.yml"), b"a\n\xff").unwrap();
        std::fs::write(at("flow/large.yml"), vec![b'a'; (4 << 20) + 1]).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(at("out.yml"), at("flow/link.yml")).unwrap();
        let failed = |why: &str| Err(LoadError::Failed(why.to_owned()));
        let absolute = at("out.yml").display().to_string();
        for (path, inside, anywhere) in [
            ("sub/in.yml", Ok("in"), Ok("in")),
            ("none.yml", Err(LoadError::NotFound), Err(LoadError::NotFound)),
            ("bytes.yml", failed("line 2: not valid UTF-8"), failed("line 2: not valid UTF-8")),
            (
                "large.yml",
                failed("the file is larger than 4 MiB"),
                failed("the file is larger than 4 MiB"),
            ),
            ("sub", failed("it is not a regular file"), failed("it is not a regular file")),
            ("/dev/null", Err(LoadError::Outside), failed("it is not a regular file")),
            ("../out.yml", Err(LoadError::Outside), Ok("out")),
            (absolute.as_str(), Err(LoadError::Outside), Ok("out")),
            #[cfg(unix)]
            ("link.yml", Err(LoadError::Outside), Ok("out")),
        ] {
            for (allow, expected) in [(false, inside.clone()), (true, anywhere.clone())] {
                let loader = FolderLoader::of(&at("flow/flow.yml"), allow);
                assert_eq!(loader.load(path), expected.map(str::to_owned), "{path} {allow}");
            }
        }
    }
}
