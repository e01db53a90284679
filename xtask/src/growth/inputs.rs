//! One generator for each dimension in which an input can grow.

use std::fmt::Write as _;
use std::fs;

use crate::command;

/// A dimension in which an input can grow.
pub(crate) struct Dimension {
    /// What grows.
    pub(crate) name: String,
    /// The largest size that is measured: most make a file as large as the program reads, which is
    /// [`FILE`].
    pub(crate) most: usize,
    /// The commands that read the input.
    pub(crate) commands: &'static [&'static [&'static str]],
    make: Box<dyn Fn(usize) -> Input + Sync>,
}

impl Dimension {
    /// The input of a size.
    pub(crate) fn input(&self, size: usize) -> Input {
        (self.make)(size)
    }
}

/// What the program is given.
#[derive(Default)]
pub(crate) struct Input {
    /// Files by name; the Flow is `flow.yml`.
    pub(crate) files: Vec<(String, String)>,
    /// Further arguments.
    pub(crate) arguments: Vec<String>,
    /// Variables of the environment.
    pub(crate) environment: Vec<(String, String)>,
}

impl Input {
    fn flow(text: String) -> Self {
        Self::default().file("flow.yml", text)
    }

    fn file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.push((name.into(), text.into()));
        self
    }

    fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }
}

/// Bytes of a text that the program reads, a little less.
const FILE: usize = 4_000_000;

/// Every way to read a Flow. `flow.yml` and the arguments of the input follow.
const EVERY: &[&[&str]] = &[
    &["check"],
    &["check", "--docker-compose"],
    &["inspect"],
    &["inspect", "--output", "yaml"],
    &["inspect", "--output", "json"],
    &["inspect", "--output", "mermaid"],
];

const CHECK: &[&[&str]] = &[&["check"]];

/// What writes as well.
const EXPORT: &[&[&str]] = &[
    &["export", "kubernetes"],
    &["export", "kubernetes", "--mesh", "istio"],
    &["export", "docker-compose"],
];

/// `count` pieces of text behind each other.
fn many(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, index| text + &piece(index))
}

/// A Flow of these entries.
fn flow(entries: impl AsRef<str>) -> Input {
    Input::flow(format!("jtype: Flow\nexecutors:\n{}", entries.as_ref()))
}

/// A Flow of one Executor with these keys.
fn executor(keys: impl AsRef<str>) -> Input {
    flow(format!("  - name: a\n    uses: docker://x/y:1\n{}", keys.as_ref()))
}

/// All dimensions.
pub(crate) fn dimensions() -> Vec<Dimension> {
    let mut all = Vec::new();
    let mut add = |name: &str, most: usize, make: fn(usize) -> Input| {
        let name = name.to_owned();
        all.push(Dimension { name, most, commands: EVERY, make: Box::new(make) });
    };
    graphs(&mut add);
    keys(&mut add);
    texts(&mut add);
    files(&mut add);
    for dimension in &mut all {
        if dimension.name.starts_with("images, ") || dimension.name.starts_with("variables, ") {
            dimension.commands = CHECK;
        }
    }
    let mut exported = |name: &str, most: usize, make: fn(usize) -> Input| {
        let name = name.to_owned();
        all.push(Dimension { name, most, commands: EXPORT, make: Box::new(make) });
    };
    exports(&mut exported);
    all.extend(repeated_fixtures());
    all
}

/// How a table of generators is written: name, largest size, generator.
type Add<'a> = &'a mut dyn FnMut(&str, usize, fn(usize) -> Input);

/// Graphs: Executors and their needs.
#[expect(clippy::too_many_lines, reason = "a table")]
fn graphs(add: Add<'_>) {
    add("Executors, unnamed", 40_000, |n| flow("  - {uses: docker://x/y:1}\n".repeat(n)));
    add("Executors, none but a name", 40_000, |n| flow(many(n, |i| format!("  - name: e{i}\n"))));
    add("Executors, external", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, external: true, host: 'h{i}:80'}}\n")))
    });
    add("Executors, external without an address", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, external: true}}\n")))
    });
    add("Executors, external with wrong ports", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, external: true, host: h, port: x}}\n")))
    });
    add("Executors, floating", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, floating: true}}\n")))
    });
    add("Executors, `inspect`", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, method: inspect}}\n")))
    });
    add("Executors, `inspect` and `gather_inspect` in turns", 40_000, |n| {
        flow(many(n / 2, |i| {
            format!(
                "  - {{name: e{i}, method: inspect}}\n  - {{name: g{i}, method: gather_inspect}}\n"
            )
        }))
    });
    add("Executors, `needs_all` after branches in turns", 40_000, |n| {
        flow(many(n / 2, |i| {
            format!("  - {{name: e{i}, needs: gateway}}\n  - {{name: g{i}, method: needs_all}}\n")
        }))
    });
    add("Executors, `needs_all` after all branches", 40_000, |n| {
        flow(
            many(n, |i| format!("  - {{name: e{i}, needs: gateway}}\n"))
                + "  - {method: needs_all}\n",
        )
    });
    add("needs, all for the first one", 40_000, |n| {
        flow("  - name: a\n".to_owned() + &many(n, |i| format!("  - {{name: e{i}, needs: a}}\n")))
    });
    add("needs, of one Executor for all", 40_000, |n| {
        let names: Vec<_> = (0..n).map(|i| format!("e{i}")).collect();
        flow(
            many(n, |i| format!("  - {{name: e{i}, needs: gateway}}\n"))
                + &format!("  - {{name: z, needs: [{}]}}\n", names.join(", ")),
        )
    });
    add("needs, 100 of each Executor", 5_000, |n| {
        flow(many(n, |i| {
            let names: Vec<_> = (i.saturating_sub(100)..i).map(|j| format!("e{j}")).collect();
            let needs =
                if i == 0 { "gateway".to_owned() } else { format!("[{}]", names.join(", ")) };
            format!("  - {{name: e{i}, needs: {needs}}}\n")
        }))
    });
    add("needs, the same ones again", 300_000, |n| {
        executor(format!("    needs: [{}]\n", "gateway, ".repeat(n)))
    });
    add("needs, in one text", FILE, |n| {
        executor(format!("    needs: '[{}]'\n", "a,".repeat(n / 2)))
    });
    add("needs, brackets of one text", FILE, |n| {
        executor(format!("    needs: '{}{}'\n", "[".repeat(n / 2), "]".repeat(n / 2)))
    });
    add("needs, unresolved, of one Executor", 300_000, |n| {
        executor(format!("    needs: [{}]\n", many(n, |i| format!("missing{i}, "))))
    });
    add("needs, unresolved, one of each Executor", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, needs: missing{i}}}\n")))
    });
    add("needs, unresolved, with long names", 20_000, |n| {
        let long = "long_name_of_an_executor_that_is_spelled_out_at_length";
        flow(many(n, |i| format!("  - {{name: {long}_{i}, needs: {long}_x{i}}}\n")))
    });
    add("cycles of one", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, needs: e{i}}}\n")))
    });
    add("cycles of two", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, needs: e{}}}\n", i ^ 1)))
    });
    add("cycles, one of all", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, needs: e{}}}\n", (i + 1) % n)))
    });
    add("cycles, all of which pass the first one", 40_000, |n| {
        let names: Vec<_> = (1..n).map(|i| format!("e{i}")).collect();
        flow(
            format!("  - {{name: e0, needs: [{}]}}\n", names.join(", "))
                + &many(n, |i| format!("  - {{name: e{}, needs: e0}}\n", i + 1)),
        )
    });
    add("cycles, a chain that waits for one", 40_000, |n| {
        flow(
            "  - {name: e0, needs: e0}\n".to_owned()
                + &many(n, |i| format!("  - name: e{}\n", i + 1)),
        )
    });
    add("cycles, a chain that waits for one, backwards", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, needs: e{}}}\n", (i + 1).min(n - 1))))
    });
    add("names, the same one", 40_000, |n| flow("  - name: a\n".repeat(n)));
    add("names, two of one label", 40_000, |n| {
        flow(many(n, |i| format!("  - name: {}_{}\n", ["e", "E"][i % 2], i / 2)))
    });
    add("names that look numbered", 40_000, |n| {
        flow(
            many(n, |i| format!("  - name: executor{}\n", n - i))
                + &"  - uses: docker://x/y:1\n".repeat(n / 4),
        )
    });
    add("names, bad ones", 40_000, |n| flow(many(n, |i| format!("  - name: 5-{i}-é-\n"))));
    add("name, its letters", FILE, |n| flow(format!("  - name: {}\n", "a".repeat(n))));
    add("name, its letters, in needs", FILE, |n| {
        flow(format!("  - name: e{0}\n  - needs: f{0}\n", "a".repeat(n / 2)))
    });
    add("names, long ones", 2_000, |n| {
        flow(many(n, |i| format!("  - name: {}{i}\n", "a".repeat(1_900))))
    });
    add("shards of one Executor", 200_000, |n| executor(format!("    shards: {n}\n")));
    add("shards of some Executors", 2_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, shards: 100, replicas: 100}}\n")))
    });
    add("replicas of one Executor", 2_000_000_000, |n| executor(format!("    replicas: {n}\n")));
    add("replicas and shards of one Executor", 1_000, |n| {
        executor(format!("    replicas: {n}\n    shards: {n}\n"))
    });
    add("replicas and shards of many Executors", 20_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, replicas: 20, shards: 2}}\n")))
    });
    add("conditions", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, when: {{tag: {{$eq: {i}}}}}}}\n")))
    });
}

/// Keys and what they hold.
#[expect(clippy::too_many_lines, reason = "a table")]
fn keys(add: Add<'_>) {
    add("keys, unknown, of the document", 200_000, |n| {
        Input::flow(
            "jtype: Flow\nexecutors: [{name: a}]\n".to_owned()
                + &many(n, |i| format!("qzv{i}: 1\n")),
        )
    });
    add("keys, unknown, of an Executor", 200_000, |n| {
        executor(many(n, |i| format!("    qzv{i}: 1\n")))
    });
    add("keys, unknown, of `with`", 200_000, |n| {
        Input::flow(
            "jtype: Flow\nwith:\n".to_owned()
                + &many(n, |i| format!("  qzv{i}: 1\n"))
                + "executors: [{}]\n",
        )
    });
    add("keys, unknown, one of each Executor", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, qzv{i}: 1}}\n")))
    });
    add("keys, misspelled, one of each Executor", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, replcas: 1}}\n")))
    });
    add("keys, misplaced, one of each Executor", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, cors: true, port_expose: 5, parallel: 1}}\n")))
    });
    add("keys, unknown, many words", 20_000, |n| {
        executor(many(n, |i| format!("    {}_{i}: 1\n", "uses_with_replicas_monitoring".repeat(5))))
    });
    add("key, its letters", FILE, |n| executor(format!("    ? {}\n    : 1\n", "k".repeat(n))));
    add("key, its underscores", FILE, |n| {
        executor(format!("    ? {}\n    : 1\n", "_name".repeat(n / 5)))
    });
    add("keys, own ones", 200_000, |n| executor(many(n, |i| format!("    x-own{i}: 1\n"))));
    add("keys, the same one again", 200_000, |n| executor("    replicas: 1\n".repeat(n)));
    add("keys, both spellings", 40_000, |n| {
        flow("  - {port: 1, ports: 2, host: a, host_in: b}\n".repeat(n))
    });
    add("keys, ignored ones", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, quiet: true, reload: true, native: true}}\n")))
    });
    add("`env`, entries", 200_000, |n| {
        executor("    env:\n".to_owned() + &many(n, |i| format!("      V{i}: x\n")))
    });
    add("`env`, entries of a list", 200_000, |n| {
        executor("    env:\n".to_owned() + &many(n, |i| format!("    - V{i}=x\n")))
    });
    add("`env`, the same entry of a list again", 200_000, |n| {
        executor("    env:\n".to_owned() + &"    - V=x\n".repeat(n))
    });
    add("`env`, wrong entries", 150_000, |n| {
        executor("    env:\n".to_owned() + &many(n, |i| format!("      1-{i}: [x]\n")))
    });
    add("`env`, entries that look secret", 150_000, |n| {
        executor("    env:\n".to_owned() + &many(n, |i| format!("      PASSWORD_{i}: abc{i}\n")))
    });
    add("`env`, handed down", 20_000, |n| {
        Input::flow(
            "jtype: Flow\nwith:\n  env:\n".to_owned()
                + &many(n / 100, |i| format!("    V{i}: x\n"))
                + "executors:\n"
                + &"- {}\n".repeat(n),
        )
    });
    add("`uses_with`, entries", 200_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: {i}\n")))
    });
    add("`uses_with`, items of a list", 300_000, |n| {
        executor(format!("    uses_with: {{a: [{}]}}\n", "1, ".repeat(n)))
    });
    add("`uses_with`, handed to many by an alias", 20_000, |n| {
        let base = many(n / 100, |i| format!("  k{i}: v{i}\n"));
        Input::flow(
            format!("jtype: Flow\nx-base: &b\n{base}executors:\n")
                + &many(n, |i| format!("- {{name: e{i}, uses_with: *b}}\n")),
        )
    });
    add("`uses_with`, bad numbers", 150_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: .inf\n")))
    });
    add("`uses_with`, nested", 1_000_000, |n| {
        executor(format!("    uses_with: {{a: {}{}}}\n", "[".repeat(n), "]".repeat(n)))
    });
    add("`uses_with`, JSON text, entries", 150_000, |n| {
        executor(format!(
            "    uses_with: '{{\"a\": 1{}}}'\n",
            many(n, |i| format!(", \"v{i}\": {i}"))
        ))
    });
    add("`uses_with`, JSON text, nested", 1_000_000, |n| {
        executor(format!("    uses_with: '{{\"a\": {}{}}}'\n", "[".repeat(n), "]".repeat(n)))
    });
    add("`uses_with`, JSON text, 100 deep", FILE, |n| {
        let (open, close) = ("[".repeat(100), "]".repeat(100));
        executor(format!("    uses_with: '{{\"a\": {open}\"{}\"{close}}}'\n", "x".repeat(n)))
    });
    add("`uses_with`, objects of JSON text, 50 deep", 150_000, |n| {
        let (open, close) = ("{\"a\":".repeat(50), "}".repeat(50));
        executor(format!("    uses_with: '{open}[1{}]{close}'\n", ",1".repeat(n)))
    });
    add("`uses_metas`, entries", 200_000, |n| {
        executor("    uses_metas:\n".to_owned() + &many(n, |i| format!("      v{i}: {i}\n")))
    });
    add("`uses_requests`, entries", 150_000, |n| {
        executor("    uses_requests:\n".to_owned() + &many(n, |i| format!("      /v{i}: f{i}\n")))
    });
    add("`uses_dynamic_batching`, entries", 40_000, |n| {
        executor(
            "    uses_dynamic_batching:\n".to_owned()
                + &many(n, |i| format!("      /v{i}: {{preferred_batch_size: 4, timeout: 50}}\n")),
        )
    });
    add("`polling`, entries", 150_000, |n| {
        executor(
            "    shards: 2\n    polling:\n".to_owned()
                + &many(n, |i| format!("      /v{i}: ANY\n")),
        )
    });
    add("`grpc_metadata`, entries", 150_000, |n| {
        executor("    grpc_metadata:\n".to_owned() + &many(n, |i| format!("      v{i}: x\n")))
    });
    add("`grpc_channel_options`, entries", 150_000, |n| {
        executor(
            "    grpc_channel_options:\n".to_owned()
                + &many(n, |i| format!("      grpc.v{i}: 1\n")),
        )
    });
    add("`grpc_channel_options` of many Executors, handed down", 10_000, |n| {
        Input::flow(
            "jtype: Flow\nwith:\n  grpc_channel_options:\n".to_owned()
                + &many(n / 10, |i| format!("    grpc.v{i}: 1\n"))
                + "executors:\n"
                + &many(n, |i| format!("- {{name: e{i}}}\n")),
        )
    });
    add("`py_modules`, entries", 200_000, |n| {
        executor("    py_modules:\n".to_owned() + &many(n, |i| format!("    - m{i}.py\n")))
    });
    add("`exit_on_exceptions`, entries", 200_000, |n| {
        executor("    exit_on_exceptions:\n".to_owned() + &many(n, |i| format!("    - E{i}\n")))
    });
    add("`entrypoint`, words of a list", 300_000, |n| {
        executor(format!("    entrypoint: [{}]\n", "a, ".repeat(n)))
    });
    add("`entrypoint`, words", FILE, |n| {
        executor(format!("    entrypoint: {}\n", "a ".repeat(n / 2)))
    });
    add("`volumes`, entries", 150_000, |n| {
        executor("    volumes:\n".to_owned() + &many(n, |i| format!("    - ./h{i}:/v{i}\n")))
    });
    add("`volumes`, wrong entries", 150_000, |n| {
        executor("    volumes:\n".to_owned() + &many(n, |i| format!("    - ./h{i}:v{i}\n")))
    });
    add("`volumes`, below each other", 2_000, |n| {
        executor(
            "    volumes:\n".to_owned() + &many(n, |i| format!("    - /v{}\n", "/v".repeat(i))),
        )
    });
    add("`env_from_secret`, entries", 40_000, |n| {
        executor(
            "    env_from_secret:\n".to_owned()
                + &many(n, |i| format!("      V{i}: {{name: s{i}, key: k}}\n")),
        )
    });
    add("`env_from_secret`, wrong entries", 40_000, |n| {
        executor(
            "    env_from_secret:\n".to_owned()
                + &many(n, |i| format!("      V{i}: {{name: S_{i}, key: k/, x: 1}}\n")),
        )
    });
    add("`env_from_secret` and `env`, entries", 40_000, |n| {
        executor(
            "    env_from_secret:\n".to_owned()
                + &many(n, |i| format!("      V{i}: {{name: s{i}, key: k}}\n"))
                + "    env:\n"
                + &many(n, |i| format!("      V{i}: x\n")),
        )
    });
    add("`image_pull_secrets`, entries", 200_000, |n| {
        executor("    image_pull_secrets:\n".to_owned() + &many(n, |i| format!("    - s{i}\n")))
    });
    add("`image_pull_secrets`, wrong entries", 200_000, |n| {
        executor("    image_pull_secrets:\n".to_owned() + &many(n, |i| format!("    - S_{i}\n")))
    });
    add("`host`, entries", 150_000, |n| {
        executor(
            "    external: true\n    port: 80\n    host:\n".to_owned()
                + &many(n, |i| format!("    - h{i}.example.com\n")),
        )
    });
    add("`host` and `port`, entries", 100_000, |n| {
        executor(
            "    external: true\n    port:\n".to_owned()
                + &many(n, |i| format!("    - {}\n", i % 40_000 + 1))
                + "    host:\n"
                + &many(n, |i| format!("    - h{i}.example.com\n")),
        )
    });
    add("`host`, in one text", FILE, |n| {
        executor(format!("    external: true\n    port: 80\n    host: '{}'\n", "h,".repeat(n / 2)))
    });
    add("`port`, in one text", FILE, |n| {
        executor(format!("    external: true\n    host: h\n    port: '1{}'\n", ",1".repeat(n / 2)))
    });
    add("`port` and `protocol` of the gateway, entries", 40_000, |n| {
        Input::flow(format!(
            "jtype: Flow\ngateway:\n  port: [{}]\n  protocol: [{}]\nexecutors: [{{name: a}}]\n",
            many(n, |i| format!("{}, ", i + 1)),
            "http, grpc, ".repeat(n / 2)
        ))
    });
    add("`port` of the gateway, the same again", 200_000, |n| {
        Input::flow(format!(
            "jtype: Flow\ngateway:\n  port: [{}]\n  protocol: [{}]\nexecutors: [{{name: a}}]\n",
            "80, ".repeat(n),
            "http, ".repeat(n)
        ))
    });
    add("`when`, entries", 100_000, |n| {
        executor("    when:\n".to_owned() + &many(n, |i| format!("      v{i}: {{$eq: {i}}}\n")))
    });
    add("`jcloud`, entries", 200_000, |n| {
        executor("    jcloud:\n".to_owned() + &many(n, |i| format!("      v{i}: 1\n")))
    });
    add("`docker_kwargs`, entries", 200_000, |n| {
        executor("    docker_kwargs:\n".to_owned() + &many(n, |i| format!("      v{i}: 1\n")))
    });
    add("`uses`, letters of an image", FILE, |n| {
        flow(format!("  - uses: docker://{}\n", "a".repeat(n)))
    });
    add("`uses`, parts of an image", FILE, |n| {
        flow(format!("  - uses: docker://{}\n", "a/".repeat(n / 2)))
    });
    add("`uses`, inline configurations", 20_000, |n| {
        flow(many(n, |i| {
            format!(
                "  - {{name: e{i}, uses: {{jtype: E, with: {{a: {i}}}, requests: {{/a: b}}}}}}\n"
            )
        }))
    });
    add("`uses`, classes", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, uses: Class{i}}}\n")))
    });
    add("values of wrong types", 20_000, |n| {
        flow(many(n, |i| {
            format!(
                "  - {{name: e{i}, replicas: x, shards: [], env: 5, uses_with: y, gpus: {{}}, needs: {{}}}}\n"
            )
        }))
    });
    add("values of wrong types in one line", 20_000, |n| {
        Input::flow(format!(
            "{{jtype: Flow, executors: [{}]}}",
            many(n, |i| format!("{{name: e{i}, replicas: x, shards: []}}, "))
        ))
    });
}

/// Texts, whatever they mean.
#[expect(clippy::too_many_lines, reason = "a table")]
fn texts(add: Add<'_>) {
    add("text, blank lines", FILE, |n| {
        Input::flow("\n".repeat(n) + "jtype: Flow\nexecutors: [{name: 5}]\n")
    });
    add("text, comments", FILE, |n| {
        Input::flow("# x\n".repeat(n / 4) + "jtype: Flow\nexecutors: [{name: 5}]\n")
    });
    add("text, one comment", FILE, |n| {
        Input::flow("#".repeat(n) + "\njtype: Flow\nexecutors: [{name: 5}]\n")
    });
    add("text, blanks", FILE, |n| Input::flow(" ".repeat(n) + "jtype: Flow\n"));
    add("text, tabs", FILE, |n| Input::flow("a:\n".to_owned() + &"\t".repeat(n)));
    add("text, brackets that open", FILE, |n| Input::flow("[".repeat(n)));
    add("text, braces that open", FILE, |n| Input::flow("{a: ".repeat(n / 4)));
    add("text, brackets that close", FILE, |n| Input::flow("a: ".to_owned() + &"]".repeat(n)));
    add("text, dashes", FILE, |n| Input::flow("- ".repeat(n / 2)));
    add("text, question marks", FILE, |n| Input::flow("? ".repeat(n / 2)));
    add("text, colons", FILE, |n| Input::flow("a: ".repeat(n / 3)));
    add("text, lines that are no YAML", FILE, |n| Input::flow("a: b: c\n---\n".repeat(n / 12)));
    add("text, commas", FILE, |n| {
        Input::flow(format!("jtype: Flow\nexecutors: [{}]\n", ",".repeat(n)))
    });
    add("text, deeper and deeper", 2_000, |n| {
        Input::flow(many(n, |i| format!("{}a:\n", " ".repeat(i))))
    });
    add("text, a folded scalar", FILE, |n| {
        executor(format!("    workspace: >\n{}", "      a\n".repeat(n / 8)))
    });
    add("text, a scalar in quotes over lines", FILE, |n| {
        executor(format!("    workspace: \"a\n{}\"\n", "      a\n".repeat(n / 8)))
    });
    add("text, a plain scalar over lines", FILE, |n| {
        executor(format!("    workspace: a\n{}\n", "      a\n".repeat(n / 8)))
    });
    add("text, a scalar in quotes that does not end", FILE, |n| {
        executor(format!("    workspace: \"{}", "a\n".repeat(n / 2)))
    });
    add("text, a long scalar", FILE, |n| executor(format!("    workspace: /{}\n", "a".repeat(n))));
    add("text, a long scalar that is wrong", FILE, |n| {
        executor(format!("    replicas: {}\n", "a".repeat(n)))
    });
    add("text, a long number", FILE, |n| executor(format!("    replicas: {}\n", "9".repeat(n))));
    add("text, a long number in hexadecimals", FILE, |n| {
        executor(format!("    uses_with: {{a: 0x{}}}\n", "9".repeat(n)))
    });
    add("text, a long number to sixty", FILE, |n| {
        executor(format!("    uses_with: {{a: 1{}}}\n", ":10".repeat(n / 3)))
    });
    add("text, escapes", FILE, |n| {
        executor(format!("    workspace: \"{}\"\n", "\\x41".repeat(n / 4)))
    });
    add("text, wide characters", FILE, |n| {
        executor(format!("    workspace: {}\n", "界".repeat(n / 3)))
    });
    add("text, control characters", FILE, |n| {
        executor(format!("    workspace: \"{}\"\n", "\\e".repeat(n / 2)))
    });
    add("documents", FILE, |n| Input::flow("---\na: 1\n".repeat(n / 9)));
    add("documents, Flows", FILE, |n| {
        Input::flow("---\njtype: Flow\nexecutors: [{}]\n".repeat(n / 33))
    });
    add("anchors", 150_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: &a{i} x\n")))
    });
    add("anchors, the same one again", 150_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: &a x\n")))
    });
    add("anchors, unknown", 150_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: *a{i}\n")))
    });
    add("aliases of a scalar", 150_000, |n| {
        executor(
            "    workspace: &a x\n    uses_with:\n".to_owned()
                + &many(n, |i| format!("      v{i}: *a\n")),
        )
    });
    add("aliases of a long scalar", 3_000, |n| {
        executor(
            format!("    workspace: &a {}\n    uses_with:\n", "x".repeat(n * 300))
                + &many(n, |i| format!("      v{i}: *a\n")),
        )
    });
    add("aliases of a mapping", 10_000, |n| {
        executor(
            format!(
                "    env: &a {{{}}}\n    uses_with:\n",
                many(n / 100, |i| format!("V{i}: x, "))
            ) + &many(n, |i| format!("      v{i}: *a\n")),
        )
    });
    add("aliases of aliases", 60, |n| {
        Input::flow(
            "a0: &a0 x\n".to_owned()
                + &many(n, |i| format!("a{0}: &a{0} [{1}]\n", i + 1, format!("*a{i}, ").repeat(9))),
        )
    });
    add("merges of one mapping", 40_000, |n| {
        Input::flow(
            "jtype: Flow\nx-a: &a {replicas: 2, env: {A: b}}\nexecutors:\n".to_owned()
                + &many(n, |i| format!("- {{name: e{i}, <<: *a}}\n")),
        )
    });
    add("merges of a large mapping", 2_000, |n| {
        Input::flow(
            format!(
                "jtype: Flow\nx-a: &a {{{}}}\nexecutors:\n",
                many(n / 10, |i| format!("x-{i}: 1, "))
            ) + &many(n, |i| format!("- {{name: e{i}, <<: *a}}\n")),
        )
    });
    add("merges, a list of them", 150_000, |n| {
        Input::flow(format!(
            "jtype: Flow\nx-a: &a {{replicas: 2}}\nexecutors:\n- {{name: a, <<: [{}]}}\n",
            "*a, ".repeat(n)
        ))
    });
    add("merges, each of the one before", 20_000, |n| {
        Input::flow(
            "x-0: &a0 {k: 1}\n".to_owned()
                + &many(n, |i| format!("x-{0}: &a{0} {{<<: *a{i}, k{0}: 1}}\n", i + 1)),
        )
    });
    add("merges, bad ones", 150_000, |n| {
        Input::flow(format!("jtype: Flow\nexecutors:\n- {{name: a, <<: [{}]}}\n", "5, ".repeat(n)))
    });
    add("tags", 150_000, |n| {
        executor("    uses_with:\n".to_owned() + &many(n, |i| format!("      v{i}: !t{i} x\n")))
    });
    add("references to a value", 40_000, |n| {
        Input::flow(
            "jtype: Flow\nx-a: b\nexecutors:\n- name: a\n  env:\n".to_owned()
                + &many(n, |i| format!("    V{i}: ${{{{ root.x-a }}}}\n")),
        )
    });
    add("references to a long value", 3_000, |n| {
        Input::flow(
            format!("jtype: Flow\nx-a: {}\nexecutors:\n- name: a\n  env:\n", "x".repeat(n * 300))
                + &many(n, |i| format!("    V{i}: ${{{{ root.x-a }}}}\n")),
        )
    });
    add("references to the value before", 40_000, |n| {
        executor(
            "    env:\n      V0: x\n".to_owned()
                + &many(n, |i| format!("      V{}: ${{{{ this.V{i} }}}}\n", i + 1)),
        )
    });
    add("references that double", 200, |n| {
        executor(
            "    env:\n      V0: xxxxxxxxxx\n".to_owned()
                + &many(n, |i| {
                    format!("      V{}: ${{{{ this.V{i} }}}}${{{{ this.V{i} }}}}\n", i + 1)
                }),
        )
    });
    add("references that lead nowhere", 40_000, |n| {
        executor(
            "    env:\n".to_owned()
                + &many(n, |i| format!("      V{i}: ${{{{ root.nothing{i} }}}}\n")),
        )
    });
    add("references to each other", 40_000, |n| {
        executor(
            "    env:\n".to_owned()
                + &many(n, |i| format!("      V{i}: ${{{{ this.V{} }}}}\n", i ^ 1)),
        )
    });
    add("references, steps of one", FILE, |n| {
        executor(format!("    workspace: ${{{{ root{} }}}}\n", ".a".repeat(n / 2)))
    });
    add("references in one value", 40_000, |n| {
        Input::flow(format!(
            "jtype: Flow\nx-a: b\nexecutors:\n- workspace: {}\n",
            "${{ root.x-a }}".repeat(n)
        ))
    });
    add("expressions that do not end", FILE, |n| {
        executor(format!("    workspace: {}\n", "${{".repeat(n / 3)))
    });
    add("expressions that do not end, of shells", FILE, |n| {
        executor(format!("    workspace: {}\n", "${".repeat(n / 2)))
    });
    add("dollars", FILE, |n| executor(format!("    workspace: {}\n", "$".repeat(n))));
    add("dollars before names", 90_000, |n| {
        executor(format!("    workspace: {}\n", "$NOPE".repeat(n)))
    });
    add("variables, unset", 40_000, |n| {
        executor(
            "    env:\n".to_owned()
                + &many(n, |i| format!("      V{i}: ${{{{ ENV.UNSET_{i} }}}}\n")),
        )
    });
    add("variables, unset, and wrong values", 40_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, replicas: \"${{{{ ENV.UNSET_{i} }}}}\"}}\n")))
    });
    add("variables, unset, of the context", 40_000, |n| {
        executor(
            "    env:\n".to_owned()
                + &many(n, |i| format!("      V{i}: ${{{{ CONTEXT.UNSET_{i} }}}}\n")),
        )
    });
}

/// Files beside the Flow, arguments and variables.
#[expect(clippy::too_many_lines, reason = "a table")]
fn files(add: Add<'_>) {
    add("files, one for each Executor", 2_000, |n| {
        (0..n).fold(flow(many(n, |i| format!("  - f{i}.yml\n"))), |input, i| {
            input.file(format!("f{i}.yml"), format!("jtype: Deployment\nwith: {{name: e{i}}}\n"))
        })
    });
    add("files, the same one again", 50_000, |n| {
        flow("  - f.yml\n".repeat(n)).file("f.yml", "jtype: Deployment\nwith: {name: e}\n")
    });
    add("files, a large one again", 2_000, |n| {
        let file =
            format!("jtype: Deployment\nwith: {{name: e, workspace: {}}}\n", "x".repeat(n * 500));
        flow("  - f.yml\n".repeat(n)).file("f.yml", file)
    });
    add("files, one of many values again", 2_000, |n| {
        let file = format!(
            "jtype: Deployment\nwith: {{name: e, env: {{{}}}}}\n",
            many(n * 10, |i| format!("V{i}: x, "))
        );
        flow("  - f.yml\n".repeat(n)).file("f.yml", file)
    });
    add("files that are not there", 50_000, |n| flow(many(n, |i| format!("  - no{i}.yml\n"))));
    add("files that are no YAML", 2_000, |n| {
        (0..n).fold(flow(many(n, |i| format!("  - f{i}.yml\n"))), |input, i| {
            input.file(format!("f{i}.yml"), "a: b: c\n")
        })
    });
    add("images, entries of a file", 100_000, |n| {
        executor("")
            .file("images.yml", many(n, |i| format!("e{i}: x/y:{i}\n")))
            .argument("--images=images.yml")
    });
    add("images, wrong entries of a file", 100_000, |n| {
        executor("")
            .file("images.yml", many(n, |i| format!("e{i}: X Y\n")))
            .argument("--images=images.yml")
    });
    add("images, bytes of a file", 16 * FILE, |n| {
        executor("").file("images.yml", "a".repeat(n)).argument("--images=images.yml")
    });
    add("images, arguments", 20_000, |n| {
        let flow = flow(many(n, |i| format!("  - {{name: e{i}, uses: Class}}\n")));
        (0..n).fold(flow, |input, i| input.argument(format!("--image=e{i}=x/y:1")))
    });
    add("images, arguments that fit nothing", 20_000, |n| {
        let flow = flow(many(n, |i| format!("  - {{name: e{i}, uses: docker://x/y:1}}\n")));
        (0..n).fold(flow, |input, i| input.argument(format!("--image=some_name{i}=x/y:1")))
    });
    add("variables, entries of a file", 200_000, |n| {
        executor("    env: {A: $V7}\n")
            .file(".env", many(n, |i| format!("V{i}=x\n")))
            .argument("--env-file=.env")
    });
    add("variables, entries of a file that are close", 20_000, |n| {
        let uses = many(n, |i| format!("      V{i}: ${{{{ ENV.VARIABLE_X{i} }}}}\n"));
        executor("    env:\n".to_owned() + &uses)
            .file(".env", many(n, |i| format!("VARIABLE_{i}=x\n")))
            .argument("--env-file=.env")
    });
    add("variables, entries of a file, the same one again", 200_000, |n| {
        executor("    env: {A: $V}\n").file(".env", "V=x\n".repeat(n)).argument("--env-file=.env")
    });
    add("variables, a value in quotes that does not end", FILE, |n| {
        executor("")
            .file(".env", "V=\"x\n".to_owned() + &"x\n".repeat(n / 2))
            .argument("--env-file=.env")
    });
    add("variables, a long value", FILE, |n| {
        executor("    env: {A: $V}\n")
            .file(".env", format!("V={}\n", "x".repeat(n)))
            .argument("--env-file=.env")
    });
    add("variables, values that name the one before", 20_000, |n| {
        executor("    env: {A: $V7}\n")
            .file(".env", "V0=x\n".to_owned() + &many(n, |i| format!("V{}=${{V{i}}}\n", i + 1)))
            .argument("--env-file=.env")
    });
    add("variables, values that double", 200, |n| {
        executor("    env: {A: $V7}\n")
            .file(
                ".env",
                "V0=xxxxxxxxxx\n".to_owned()
                    + &many(n, |i| format!("V{}=${{V{i}}}${{V{i}}}\n", i + 1)),
            )
            .argument("--env-file=.env")
    });
    add("variables, bytes of a file", 16 * FILE, |n| {
        executor("").file(".env", "a".repeat(n)).argument("--env-file=.env")
    });
    add("variables, a long one used again", 40_000, |n| {
        executor(
            "    env:\n".to_owned() + &many(n, |i| format!("      V{i}: ${{{{ ENV.LONG }}}}\n")),
        )
        .variable("LONG", "x".repeat(n.min(100_000)))
    });
    add("variables, a list used again", 40_000, |n| {
        executor(
            "    uses_with:\n".to_owned()
                + &many(n, |i| format!("      v{i}: ${{{{ ENV.LIST }}}}\n")),
        )
        .variable("LIST", format!("[{}]", "1,".repeat((n / 2).min(50_000))))
    });
    add("text, bytes", 16 * FILE, |n| Input::flow("a".repeat(n)));
}

/// What is written in full.
fn exports(add: Add<'_>) {
    add("export of Executors", 19_999, |n| {
        flow(many(n, |i| {
            format!(
                "  - {{name: e{i}, uses: docker://x/y:1, replicas: 2, env: {{A: b}}, uses_with: {{c: {i}}}}}\n"
            )
        }))
    });
    add("export of shards", 19_998, |n| executor(format!("    shards: {n}\n")));
    add("export of Executors with heads", 6_600, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, shards: 2}}\n")))
    });
    add("export of Executors with volumes", 10_000, |n| {
        flow(many(n, |i| format!("  - {{name: e{i}, volumes: [/a, /b], gpus: 1}}\n")))
    });
    add("export of a dense graph", 5_000, |n| {
        flow(many(n, |i| {
            let names: Vec<_> = (i.saturating_sub(60)..i).map(|j| format!("e{j}")).collect();
            let needs =
                if i == 0 { "gateway".to_owned() } else { format!("[{}]", names.join(", ")) };
            format!("  - {{name: e{i}, needs: {needs}}}\n")
        }))
    });
    add("export of a long value", FILE, |n| {
        executor(format!("    uses_with: {{a: {}}}\n", "x".repeat(n)))
    });
    add("export of a long value with quotes", FILE, |n| {
        executor(format!("    uses_with: {{a: '{}'}}\n", "\"".repeat(n)))
    });
}

/// Fixtures that are refused, each with its Executors over and over again: what every rule finds.
fn repeated_fixtures() -> Vec<Dimension> {
    let folder = command::workspace().join("tests/fixtures/refused");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let options = flow_validate::Options::default();
        let flow = flow_validate::plan(("flow.yml", text.as_str()), &options).flow;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let Some(start) = lines.iter().position(|line| line.trim_end() == "executors:") else {
            continue;
        };
        let is_of_list = |line: &&str| line.starts_with([' ', '-', '\n', '#']);
        let end = start + 1 + lines[start + 1..].iter().take_while(|line| is_of_list(line)).count();
        let (before, entries, after) =
            (lines[..=start].concat(), lines[start + 1..end].concat(), lines[end..].concat());
        let names: Vec<String> =
            flow.executors.iter().map(|executor| executor.name.value.clone()).collect();
        if entries.is_empty() {
            continue;
        }
        let arguments: Vec<String> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("# flowship: "))
            .flat_map(|line| line.split_whitespace().map(str::to_owned))
            .collect();
        let environment: Vec<(String, String)> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("# environment: "))
            .flat_map(str::split_whitespace)
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        all.push(Dimension {
            name: format!("fixture {name}, its Executors"),
            most: (500_000 / entries.len()).min(20_000 / names.len().max(1)).max(1),
            commands: CHECK,
            make: Box::new(move |size| {
                let mut text = before.clone();
                for index in 0..size {
                    text += &renamed(&entries, &names, index);
                }
                let mut input = Input::flow(text + &after);
                input.arguments.clone_from(&arguments);
                input.environment.clone_from(&environment);
                input
            }),
        });
    }
    all
}

/// Entries in which each name has a number behind it.
fn renamed(entries: &str, names: &[String], index: usize) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut text = String::new();
    for part in entries.split_inclusive(|c: char| !is_word(c)) {
        let word = part.trim_end_matches(|c: char| !is_word(c));
        text.push_str(word);
        if names.iter().any(|name| name == word) {
            // Writing into a `String` does not fail.
            let _ = write!(text, "_{index}");
        }
        text.push_str(&part[word.len()..]);
    }
    text
}
