"""The package without Jina: `cargo xtask python` runs this with every CPython of the machine."""

import enum
import inspect
import io
import os
import pathlib
import pickle
import re
import signal
import sys
import tempfile
import threading
import time
import types
import unittest
import warnings

import flowship

FLOW = {
    "jtype": "Flow",
    "with": {"name": "search"},
    "executors": [{"name": "encoder", "uses": "docker://example/encoder:1.0", "replicas": 2}],
}
IMAGE = "docker://example/encoder:1.0"


def flow(**entry):
    """A Flow of one Executor."""
    return {"jtype": "Flow", "executors": [{"name": "encoder", "uses": IMAGE, **entry}]}


def args(**given):
    """The arguments of a Deployment of Jina, as its parser leaves them."""
    defaults = dict(
        uses="BaseExecutor", replicas=1, shards=1, polling="ANY", host=["0.0.0.0"], port=[58231],
        port_monitoring=62011, external=False, floating=False, env=None, when=None, timeout_ready=600000,
        timeout_ctrl=60, retries=-1, log_config="default", protocol=["GRPC"], provider=["NONE"],
        deployment_role="DEPLOYMENT", exit_on_exceptions=[], workspace=None, workspace_id="ab" * 16,
    )
    return types.SimpleNamespace(**{**defaults, **given})


def node(needs=("gateway",), **given):
    return types.SimpleNamespace(args=args(**given), needs=set(needs))


def jina_flow(nodes, *, gateway=None, common=None, endpoints=None, **given):
    """An object with the attributes of a `jina.Flow`."""
    flow_args = dict(name=None, env=None, workspace=None, log_config="default", inspect="COLLECT")
    return types.SimpleNamespace(
        _deployment_nodes={one.args.name: one for one in nodes},
        _common_kwargs=common or {},
        _gateway_kwargs={**(common or {}), **(gateway or {})},
        _endpoints_mapping=endpoints or {},
        args=types.SimpleNamespace(**{**flow_args, **given}),
    )


class Sources(unittest.TestCase):
    def test_all_forms_of_a_flow_are_the_same(self):
        text = flowship.yaml(FLOW)
        expected = flowship.compile(FLOW).files
        self.assertEqual(flowship.compile(text).files, expected)
        self.assertEqual(flowship.compile(text.encode()).files, expected)
        self.assertEqual(flowship.compile(io.StringIO(text)).files, expected)
        self.assertEqual(flowship.compile(io.BytesIO(text.encode())).files, expected)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "flow.yml")
            path.write_text(text)
            self.assertEqual(flowship.compile(path).files, expected)
            self.assertEqual(flowship.compile(str(path)).files, expected)

    def test_other_things_are_refused(self):
        for wrong in (1, None, [FLOW], dict, object()):
            with self.assertRaises(TypeError):
                flowship.check(wrong)
        with self.assertRaises(FileNotFoundError):
            flowship.check("no-such-file.yml")

    def test_values_keep_their_types(self):
        class Level(enum.Enum):
            HIGH = "high"
            LOW = 1

        given = {"a": "1", "b": 1, "c": True, "d": "yes", "e": 1.5, "f": None, "g": (1, 2), "h": {"x", "y"},
                 "i": Level.HIGH, "j": Level.LOW, "k": pathlib.PurePosixPath("/a"), "l": "0x1F", "m": 2**63}
        bundle = flowship.compile(flow(uses_with=given))
        container = next(o for o in bundle.objects if o["kind"] == "Deployment")
        words = container["spec"]["template"]["spec"]["containers"][0]["args"]
        import json
        passed = json.loads(words[words.index("--uses-with") + 1])
        self.assertEqual(passed, {**given, "g": [1, 2], "h": ["x", "y"], "i": "high", "j": "LOW", "k": "/a"})

    def test_what_is_no_data_is_named(self):
        loop = []
        loop.append(loop)
        for value, error in [(object(), TypeError), (len, TypeError), (int, TypeError), (loop, ValueError),
                             (float("nan"), ValueError), (b"x", TypeError), ("\ud800", ValueError),
                             ({1: 2, "1": 3}, TypeError)]:
            with self.assertRaisesRegex(error, r"executors\[0\]\.uses_with\.model"):
                flowship.check(flow(uses_with={"model": value}))

    def test_nothing_panics(self):
        """Whatever is passed, the answer is a finding or an error with words."""
        deep = loop = []
        loop.append(loop)
        for _ in range(50_000):
            deep = [deep]
        odd = [None, 1, 1.5, True, b"\xff", "", "\n", "\x00", "a\x00b\n", "\ud800", "\ud800\n", pathlib.Path("/\udcff"), [], {1: 2},
               {None: 1}, {(1, 2): 3}, loop, deep, (x for x in ()), lambda: 1, type, float("nan"), 10**400, -(10**30),
               bytearray(b"a"), memoryview(b"a"), range(3), {"a": loop}, {"\ud800": 1}, ["a", 1], {"a": None}, object()]
        names = [name for name, *_ in flowship._flowship.keywords()]
        with tempfile.TemporaryDirectory() as folder:
            calls = [
                flowship.check, flowship.yaml, flowship.explain,
                lambda one: flowship.check({"jtype": "Flow", "executors": one}),
                lambda one: flowship.check({"jtype": "Flow", "with": one, "executors": [one]}),
                lambda one: flowship.to_kubernetes_yaml(flow(), pathlib.Path(folder, "k8s"), one, one, force=True),
                lambda one: flowship.to_docker_compose_yaml(flow(), pathlib.Path(folder, "dc.yml"), one, one, force=True),
                lambda one: str(flowship.FlowError(one)),
                *[lambda one, name=name: flowship.check(flow(**{name: one})) for name in ("uses", "replicas", "env", "needs", "uses_with")],
                *[lambda one, name=name: flowship.check(flow(), **{name: one}) for name in [*names, "kubernetes", "environment", "target"]],
            ]
            for call in calls:
                for one in odd:
                    try:
                        call(one)
                    except (flowship.FlowError, TypeError, ValueError, OSError, KeyError) as error:
                        self.assertTrue(str(error).strip())

    def test_a_class_is_a_finding(self):
        class MyExecutor:
            pass

        [found] = [one for one in flowship.check(flow(uses=MyExecutor)) if one.level == "error"]
        self.assertEqual(found.path, "executors[0].uses")
        self.assertIn("encoder", found.message)
        self.assertEqual(found.help, ["pass `images={'encoder': 'IMAGE'}`"])
        bundle = flowship.compile(flow(uses=MyExecutor), images={"encoder": "example/mine:2"})
        self.assertIn("example/mine:2", bundle.to_yaml())


class FindingsOfAFlow(unittest.TestCase):
    def test_a_finding_has_a_place_and_a_fix(self):
        found = flowship.check(flow(replcas=2))
        [one] = [one for one in found if one.level == "error"]
        self.assertEqual((one.code, one.path, one.file), ("misspelled-key", "executors[0].replcas", "<dict>"))
        line = flowship.yaml(flow(replcas=2)).splitlines()[one.line - 1]
        self.assertEqual(line[one.column - 1 : one.end_column - 1], "replcas")
        self.assertEqual(one.fixes[0].edits[0].text, "replicas")
        self.assertIn("did you mean `replicas`?", str(one))
        self.assertEqual(str(found).splitlines()[-1], "1 error, 1 note" if len(found) > 1 else "1 error")

    def test_an_error_has_all_findings(self):
        with self.assertRaises(flowship.FlowError) as raised:
            flowship.compile(flow(replicas=0, shards="two"))
        self.assertEqual(sum(one.level == "error" for one in raised.exception.findings), 2)
        self.assertIn("`replicas` cannot be `0`", str(raised.exception))

    def test_html_is_escaped(self):
        [one] = [f for f in flowship.check(flow(uses="<script>")) if f.level == "error"]
        self.assertIn("&lt;script&gt;", one._repr_html_())
        self.assertNotIn("<script>", one._repr_html_())
        all_of_them = flowship.check(flow(uses="<script>"))._repr_html_()
        self.assertNotIn("<script>", all_of_them)
        self.assertIn("<b>1 error", all_of_them)
        with self.assertRaises(flowship.FlowError) as raised:
            flowship.compile(flow(uses="<script>"))
        self.assertNotIn("<script>", raised.exception._repr_html_())

    def test_codes_are_explained(self):
        self.assertIn("replicas", flowship.explain("misspelled-key"))
        with self.assertRaises(KeyError):
            flowship.explain("no-such-code")


class Keywords(unittest.TestCase):
    def test_wrong_keywords_are_refused(self):
        with self.assertRaisesRegex(TypeError, "did you mean `mesh`"):
            flowship.compile(FLOW, mehs="istio")
        with self.assertRaisesRegex(ValueError, "linkerd, istio"):
            flowship.compile(FLOW, mesh="consul")
        with self.assertRaisesRegex(TypeError, "a bool"):
            flowship.compile(FLOW, circuit_breaking="yes")
        with self.assertRaises(ValueError):
            flowship.compile(FLOW, target="nomad")

    def test_the_environment_is_read_only_if_it_is_passed(self):
        os.environ["FLOWSHIP_TEST"] = "seen"
        os.environ["JINA_LOG_LEVEL"] = "DEBUG"
        try:
            source = flow(env={"A": "${{ ENV.FLOWSHIP_TEST }}"})
            codes = [found.code for found in flowship.check(source)]
            self.assertIn("undefined-variable", codes)
            text = flowship.compile(source, environment={"FLOWSHIP_TEST": "given"}).to_yaml()
            self.assertIn("given", text)
            self.assertNotIn("DEBUG", text)
            text = flowship.compile(source, environment=os.environ).to_yaml()
            self.assertIn("seen", text)
            self.assertIn("DEBUG", text)
        finally:
            del os.environ["FLOWSHIP_TEST"], os.environ["JINA_LOG_LEVEL"]

    def test_the_stubs_have_every_keyword(self):
        stub = pathlib.Path(flowship.__file__).with_name("__init__.pyi").read_text()
        classes = stub[stub.index("class _Values") : stub.index("class Findings")]
        typed = set(re.findall(r"^    (\w+):", classes, re.M))
        self.assertEqual(typed, {name for name, *_ in flowship._flowship.keywords()} | {"jcloud", "kubernetes"})

    def test_blocks_of_kubernetes(self):
        block = {"pod": {"priorityClassName": "high"}}
        for source in (flow(), jina_flow([node(name="encoder", uses=IMAGE)])):
            text = flowship.compile(source, kubernetes={"encoder": block}).to_yaml()
            self.assertIn("priorityClassName: high", text)
            with self.assertRaisesRegex(ValueError, "`decoder`"):
                flowship.check(source, kubernetes={"decoder": block})
        wrong = [f for f in flowship.check(flow(), kubernetes={"encoder": {"pod": {"x": 1}}}) if f.level == "error"]
        self.assertTrue(wrong and wrong[0].path.startswith("executors[0].kubernetes"), wrong)
        with self.assertRaises(TypeError):
            flowship.check("jtype: Flow\nexecutors: []\n", kubernetes={"encoder": block})

    def test_what_is_asked_of_the_platform(self):
        asked = {"resources": {"memory": "4G"}, "autoscale": {"metric": "memory", "max": 3}}
        for source in (flow(), jina_flow([node(name="encoder", uses=IMAGE)])):
            bundle = flowship.compile(source, mesh="none", cluster="gke", jcloud={"encoder": asked})
            kinds = [it["kind"] for it in bundle.objects]
            self.assertIn("HorizontalPodAutoscaler", kinds)
            self.assertIn("memory: 4G", bundle.to_yaml())
        wrong = [f for f in flowship.check(flow(), jcloud={"encoder": {"expose": 1}}) if f.level == "error"]
        self.assertTrue(wrong and wrong[0].path.startswith("executors[0].jcloud"), wrong)


class Writing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_folder_is_written_as_the_program_writes_it(self):
        bundle = flowship.compile(FLOW)
        out = self.folder / "out"
        self.assertEqual(bundle.write(out).written, len(bundle.files))
        self.assertEqual(bundle.write(out).unchanged, len(bundle.files))
        for path, text in bundle.files.items():
            self.assertEqual((out / path).read_text().split("\n", 1)[1], text)
        edited = out / "encoder/encoder.yml"
        edited.write_text(edited.read_text() + "# mine\n")
        with self.assertRaisesRegex(flowship.WriteError, "force=True"):
            bundle.write(out)
        bundle.write(out, force=True)
        flowship.compile(flow(name="other", **{})).write(self.folder / "two")
        without = flowship.compile({**FLOW, "executors": FLOW["executors"][:1]}, include_gateway=False)
        self.assertEqual(without.write(out).removed, 1)

    def test_a_list_for_kustomize(self):
        bundle = flowship.compile(FLOW, kustomize=True, without=["preStop"], pod_security="restricted", namespace_object=True)
        self.assertEqual(list(bundle.files)[-1], "Kustomization")
        self.assertNotIn("kind: Kustomization", bundle.to_yaml())
        self.assertNotIn("Kustomization", [one["kind"] for one in bundle.objects])
        self.assertNotIn("preStop", bundle.to_yaml())
        self.assertEqual(bundle.write(self.folder / "out").written, len(bundle.files))
        flowship.to_kubernetes_yaml(FLOW, self.folder / "k8s", "shop", kustomize=True)
        self.assertIn("encoder/encoder.yml", (self.folder / "k8s/Kustomization").read_text())

    def test_the_functions_of_jina(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            flowship.to_kubernetes_yaml(FLOW, self.folder / "k8s", "shop", False, mesh="none")
        self.assertFalse((self.folder / "k8s/gateway").exists())
        self.assertIn("namespace: shop", (self.folder / "k8s/encoder/encoder.yml").read_text())
        path = self.folder / "compose.yml"
        flowship.to_docker_compose_yaml(FLOW, path, "my-net", include_gateway=False)
        self.assertIn("my-net", path.read_text())
        self.assertNotIn("\n  gateway:", path.read_text())
        with self.assertWarns(flowship.FlowWarning):
            flowship.to_kubernetes_yaml(flow(polling="ALL"), self.folder / "warned")

    def test_an_interrupt_stops_before_anything_is_written(self):
        many = {"jtype": "Flow", "executors": [{"name": f"e{n}", "uses": IMAGE, "needs": "gateway"} for n in range(999)]}
        many["executors"].append({"name": "last", "uses": IMAGE, "needs": [f"e{n}" for n in range(999)]})
        # Whoever runs the tests in the background may have it ignored.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, handler)
        main = threading.main_thread().ident
        caught = threading.Event()

        def interrupt():
            while not caught.wait(0.1):
                signal.pthread_kill(main, signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        with self.assertRaises(KeyboardInterrupt):
            thread.start()
            for _ in range(1000):
                flowship.compile(many)
        try:
            caught.set()
            thread.join()
        except KeyboardInterrupt:
            thread.join()
        self.assertEqual(flowship.compile(FLOW).write(self.folder / "out").written, 2)


class Threads(unittest.TestCase):
    def test_32_threads_at_once(self):
        expected = flowship.compile(FLOW).files
        results = []

        def work():
            for _ in range(20):
                results.append(flowship.compile(FLOW).files == expected)

        threads = [threading.Thread(target=work) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [True] * 640)

    def in_a_small_thread(self, work):
        """Threads of musl have 128 KiB."""
        raised = []

        def body():
            try:
                work()
            except BaseException as error:
                raised.append(error)

        before = threading.stack_size(128 * 1024)
        self.addCleanup(threading.stack_size, before)
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        self.assertEqual(raised, [])

    def test_a_small_stack_is_enough(self):
        def work():
            bundle = flowship.compile(FLOW)
            with tempfile.TemporaryDirectory() as folder:
                bundle.write(folder)
                flowship.to_kubernetes_yaml(FLOW, f"{folder}/other", k8s_namespace="search")
            self.assertEqual((len(bundle.files), bundle.to_yaml().count("kind: Deployment")), (2, 2))
            self.assertTrue(bundle.objects)
            self.assertIn("docker://", flowship.yaml(FLOW))
            [finding] = flowship.check(flow(replicas="many"))
            self.assertIn("replicas", f"{finding} {finding.colored()} {finding._repr_html_()}")
            self.assertIn("replicas", flowship.explain("wrong-value") + flowship.FlowError([finding])._repr_html_())
            self.assertRaises(TypeError, flowship.compile, FLOW, no_such_keyword=1)

        self.in_a_small_thread(work)

    def test_nested_values_need_no_deep_stack(self):
        def nested(depth, of):
            value = 1
            for _ in range(depth):
                value = of(value)
            return {"jtype": "Flow", "executors": [{"name": "encoder", "uses": IMAGE, "uses_with": {"x": value}}]}

        def work():
            for of in (lambda value: {"a": value}, lambda value: [value], lambda value: (value, {"b": value})[:1]):
                source = nested(50, of)
                bundle = flowship.compile(source)
                self.assertTrue(bundle.objects and bundle.to_yaml())
                self.assertEqual(flowship.compile(flowship.yaml(source)).files, bundle.files)
                self.assertRaisesRegex(ValueError, "too deep", flowship.check, nested(70, of))

        self.in_a_small_thread(work)


class FlowsOfJina(unittest.TestCase):
    """Objects with the attributes of a `jina.Flow`; `jina_oracle.py` compares with Jina itself."""

    def test_only_what_the_author_said_is_read(self):
        flow = jina_flow([node(name="encoder", uses=IMAGE)], name="search")
        self.assertEqual(
            flowship.yaml(flow),
            f"jtype: Flow\nwith:\n  name: search\nexecutors:\n- name: encoder\n  uses: {IMAGE}\n",
        )

    def test_inherited_values_and_defaults(self):
        flow = jina_flow(
            [node(name="a", uses=IMAGE, replicas=2), node(["a"], name="b", uses=IMAGE, replicas=1)],
            common={"replicas": "2"},
        )
        self.assertEqual(flowship.yaml(flow).count("replicas"), 2)
        self.assertIn("- name: b\n  uses: docker://example/encoder:1.0\n  replicas: 1\n", flowship.yaml(flow))

    def test_addresses_that_jina_writes_are_not_read(self):
        for shards, uses, is_read in [(2, IMAGE, False), (1, IMAGE, True), (2, "BaseExecutor", True), (2, None, True)]:
            for where in ("uses_before", "uses_after"):
                written = {where: uses, f"{where}_address": "0.0.0.0:52696"}
                flow = jina_flow([node(name="a", uses=IMAGE, shards=shards, **written)])
                with self.subTest(where=where, shards=shards, uses=uses):
                    self.assertEqual("52696" in flowship.yaml(flow), is_read)

    def test_replicas_of_an_external_executor_that_jina_counts_are_not_read(self):
        for replicas, is_read in [(2, False), (3, True)]:
            outside = node(name="a", external=True, host=["one.example.com", "two.example.com"], port=[1, 2], replicas=replicas)
            self.assertEqual("replicas" in flowship.yaml(jina_flow([outside])), is_read)

    def test_inspect_is_one_entry(self):
        flow = jina_flow([
            node(name="a", uses=IMAGE),
            node(["a"], name="look", uses=IMAGE, deployment_role="INSPECT"),
            node(["a"], name="_aux_look", deployment_role="INSPECT_AUX_PASS"),
            node(["_aux_look"], name="b", uses=IMAGE),
            node(["b", "_aux_look"], name="c", uses=IMAGE),
        ])
        text = flowship.yaml(flow)
        self.assertNotIn("_aux_", text)
        self.assertIn("- name: look\n  method: inspect\n", text)
        self.assertIn("- name: b\n  uses:", text)
        self.assertIn("- name: c\n  needs:\n  - a\n  - b\n", text)

    def test_secrets_expressions_and_ports(self):
        secret = {"TOKEN": {"name": "hub", "key": "token"}}
        flow = jina_flow(
            [
                node(name="a", uses=IMAGE, env_from_secret=secret, uses_with={"t": "${{ ENV.X }}"}, port=[8123]),
                node(["a"], name="b", external=True, host=["1.2.3.4"], port=[50051]),
            ],
            gateway={"port": [80, 81], "protocol": ["http", "grpc"]},
            endpoints={"/search": {"path": "/s"}},
        )
        bundle = flowship.compile(flow)
        self.assertIn("secretKeyRef", bundle.to_yaml())
        self.assertIn("${{ ENV.X }}", bundle.to_yaml())
        self.assertIn("1.2.3.4:50051", bundle.to_yaml())
        self.assertIn("port: 8123", flowship.yaml(flow))
        self.assertEqual(flowship.compile(flowship.yaml(flow)).files, bundle.files)

    def test_findings_name_executor_and_argument(self):
        flow = jina_flow([node(name="a", uses="jinahub+docker://X"), node(["z"], name="b", uses=type("Mine", (), {}))])
        paths = {found.path for found in flowship.check(flow) if found.level == "error"}
        self.assertEqual(paths, {"a.uses", "b.uses", "b.needs[0]"})

    def test_a_deployment(self):
        deployment = types.SimpleNamespace(
            args=args(name="q", uses=IMAGE, replicas=2), needs=set(), pod_args={}, _gateway_kwargs={"port": 7000}
        )
        self.assertEqual(
            flowship.yaml(deployment), f"jtype: Deployment\nwith:\n  name: q\n  uses: {IMAGE}\n  replicas: 2\n  port: 7000\n"
        )
        deployment.args.uses = type("Mine", (), {})
        [found] = [found for found in flowship.check(deployment) if found.level == "error"]
        self.assertEqual((found.path, found.file, found.help), ("Deployment.uses", "<Deployment>", ["pass `images={'q': 'IMAGE'}`"]))

    def test_jina_is_not_imported(self):
        self.assertNotIn("jina", sys.modules)


if __name__ == "__main__":
    unittest.main()
