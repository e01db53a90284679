//! What a Flow asks of a platform in total.

use std::ops::AddAssign;

/// What all containers of a Flow ask for together, at the least and at the most number of Pods.
/// What a mesh adds is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Demand {
    /// With the fewest Pods.
    pub least: Amounts,
    /// With the most Pods.
    pub most: Amounts,
}

/// Amounts of what a platform has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Pods.
    pub pods: u64,
    /// Processors, in thousandths.
    pub cpu: u64,
    /// Memory, in bytes.
    pub memory: u64,
    /// GPUs, or shares of them.
    pub gpus: u64,
    /// Storage that is claimed, in bytes.
    pub storage: u64,
}

impl Demand {
    /// Adds what each of `least` to `most` Pods asks for.
    pub fn add(&mut self, each: Amounts, least: u32, most: u32) {
        self.least += each.times(least);
        self.most += each.times(most);
    }

    /// Adds what is there once.
    pub fn add_once(&mut self, once: Amounts) {
        self.least += once;
        self.most += once;
    }

    /// Whether anything besides Pods is asked for, or their number changes.
    pub fn is_notable(&self) -> bool {
        let Amounts { pods, cpu, memory, gpus, storage } = self.most;
        cpu.max(memory).max(gpus).max(storage) > 0 || pods != self.least.pods
    }
}

impl Amounts {
    fn times(self, count: u32) -> Self {
        let times = |amount: u64| amount.saturating_mul(count.into());
        Self {
            pods: times(self.pods),
            cpu: times(self.cpu),
            memory: times(self.memory),
            gpus: times(self.gpus),
            storage: times(self.storage),
        }
    }
}

impl AddAssign for Demand {
    fn add_assign(&mut self, other: Self) {
        self.least += other.least;
        self.most += other.most;
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        self.pods = self.pods.saturating_add(other.pods);
        self.cpu = self.cpu.saturating_add(other.cpu);
        self.memory = self.memory.saturating_add(other.memory);
        self.gpus = self.gpus.saturating_add(other.gpus);
        self.storage = self.storage.saturating_add(other.storage);
    }
}
