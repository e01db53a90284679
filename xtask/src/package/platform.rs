//! Platforms of wheels.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, bail};

/// A processor and the oldest libc, as PyPI names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Platform {
    pub(super) processor: Processor,
    libc: Libc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Processor {
    X86,
    Arm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Libc {
    /// glibc 2.17.
    Gnu,
    /// musl 1.2.
    Musl,
}

const PLATFORMS: [Platform; 4] = [
    Platform { processor: Processor::X86, libc: Libc::Gnu },
    Platform { processor: Processor::X86, libc: Libc::Musl },
    Platform { processor: Processor::Arm, libc: Libc::Gnu },
    Platform { processor: Processor::Arm, libc: Libc::Musl },
];

impl Processor {
    /// Its name in targets and tags.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm => "aarch64",
        }
    }

    /// Whether this machine has it.
    pub(super) fn is_this(self) -> bool {
        std::env::consts::ARCH == self.name()
    }

    /// The target that links everything into the program.
    pub(super) fn musl(self) -> String {
        format!("{}-unknown-linux-musl", self.name())
    }
}

impl Platform {
    pub(super) fn name(self) -> String {
        format!("{}-{}", self.processor.name(), self.compatibility())
    }

    pub(super) fn is_musl(self) -> bool {
        self.libc == Libc::Musl
    }

    /// The tag without the processor.
    pub(super) fn compatibility(self) -> &'static str {
        match self.libc {
            Libc::Gnu => "manylinux2014",
            Libc::Musl => "musllinux_1_2",
        }
    }

    /// Rust's target of the extension.
    pub(super) fn target(self) -> String {
        match self.libc {
            Libc::Gnu => format!("{}-unknown-linux-gnu", self.processor.name()),
            Libc::Musl => self.processor.musl(),
        }
    }

    /// The wheel of this version in a folder.
    pub(super) fn wheel(self, folder: &Path) -> anyhow::Result<PathBuf> {
        let start = format!("flowship-{}-", env!("CARGO_PKG_VERSION"));
        let tag = format!("{}_{}.", self.compatibility(), self.processor.name());
        let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        for file in files {
            let file = file?;
            let name = file.file_name().to_string_lossy().replace(".whl", ".");
            if name.starts_with(&start) && name.contains(&tag) {
                return Ok(file.path());
            }
        }
        bail!("{} has no wheel of {}", folder.display(), self.name());
    }
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = PLATFORMS.into_iter().find(|platform| platform.name() == text);
        found.ok_or_else(|| format!("one of {}", PLATFORMS.map(Self::name).join(", ")))
    }
}
