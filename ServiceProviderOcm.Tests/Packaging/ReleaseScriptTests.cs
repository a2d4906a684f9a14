using System.Runtime.Versioning;
using NUnit.Framework;
using ServiceProviderOcm.Packaging;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary><c>scripts/release</c> with stand-ins for all programs that it calls, so that nothing is built.</summary>
[UnsupportedOSPlatform("windows")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReleaseScriptTests : IDisposable
{
    private const string Digest = "sha256:0123";
    private const string Key = "mine.key";

    private readonly StubbedShell _shell = new();

    private string Output => _shell["output"];

    [SetUp]
    public void AddPrograms()
    {
        _shell.Write("base/index.json", "{}");
        _shell.Add("git", "case \"$1\" in rev-parse) echo abc ;; log) echo 1750000000 ;; tag) echo \"$TAG\" ;; esac\n");
        _shell.Add("gcc", "case \"$1\" in -print-prog-name=ld) echo ld ;; --version) echo 'gcc 12.2.0' ;; esac\n");
        _shell.Add("ld", "echo 'GNU ld 2.40'\n");
        _shell.Add("dotnet", $$"""
            case "$1" in
              msbuild) case "$*" in *Configuration=Release*) echo 0.2.7 ;; *) echo 0.2.0-g ;; esac ;;
              --version) echo 10.0.100 ;;
              run)
                while [ "$1" != --output ]; do shift; done
                mkdir -p "$2"
                echo checksums >"$2/sha256sums.txt"
                echo constructor >"$2/component-constructor.yaml"
                echo {{Digest}} ;;
            esac

            """);
    }

    public void Dispose() => _shell.Dispose();

    [Test]
    public async Task With_ocm_on_PATH_the_component_archive_is_made_beside_the_files_that_it_contains()
    {
        _shell.Add("ocm", "echo archive >component.tgz\n");

        var run = await RunAsync();

        Assert.That((run.Code, run.Output), Is.EqualTo((0, $"{Digest}\n")), run.Errors);
        var (folder, arguments) = _shell.Calls("ocm").Single();
        Assert.That(folder, Is.EqualTo(Output));
        Assert.That(
            arguments,
            Is.EqualTo("add componentversions --create --force --type tgz --file component.tgz component-constructor.yaml".Split(' ')));
        Assert.That(File.Exists(Path.Combine(Output, "component.tgz")), Is.True);
    }

    // The flags that versions of cosign have: before 2.4, before 2.6, 3, and later ones.
    [TestCase("--key", "--key mine.key --tlog-upload=false")]
    [TestCase("--key --new-bundle-format", "--new-bundle-format --key mine.key --tlog-upload=false")]
    [TestCase("--key --new-bundle-format --signing-config", "--new-bundle-format --key mine.key --signing-config CONFIG")]
    [TestCase("--key --signing-config", "--key mine.key --signing-config CONFIG")]
    public async Task With_a_key_checksums_and_archive_are_signed_and_nothing_is_uploaded(string help, string flags)
    {
        _shell.Add("ocm", "echo archive >component.tgz\n");
        AddCosign(help);

        var run = await RunAsync(("COSIGN_KEY", Key));

        Assert.That(run.Code, Is.Zero, run.Errors);
        var calls = _shell.Calls("cosign").Select(call => call.Arguments).Where(arguments => !arguments.Contains("--help")).ToList();
        var config = calls.SingleOrDefault(arguments => arguments[0] == "signing-config");
        Assert.That(config is not null, Is.EqualTo(flags.Contains("CONFIG", StringComparison.Ordinal)));
        Assert.That(config?[..^1], Is.Null.Or.EqualTo((string[])["signing-config", "create", "--out"]), "a list without services");
        var expected = flags.Replace("CONFIG", config?[^1], StringComparison.Ordinal).Split(' ');
        Assert.That(
            calls.Where(arguments => arguments[0] == "sign-blob"),
            Is.EqualTo((string[][])[Signing(expected, "sha256sums.txt"), Signing(expected, "component.tgz")]));
    }

    [Test]
    public async Task Without_a_key_the_identity_of_a_workflow_signs()
    {
        AddCosign("--key --new-bundle-format --signing-config");

        var run = await RunAsync(("ACTIONS_ID_TOKEN_REQUEST_URL", "https://git.example.com/token"));

        Assert.That(run.Code, Is.Zero, run.Errors);
        Assert.That(_shell.Calls("cosign").Select(call => call.Arguments).Last(), Is.EqualTo(Signing(["--new-bundle-format"], "sha256sums.txt")));
    }

    [Test]
    public async Task Without_ocm_and_cosign_the_script_says_what_it_has_skipped()
    {
        var run = await RunAsync(("COSIGN_KEY", Key));

        Assert.That((run.Code, run.Output), Is.EqualTo((0, $"{Digest}\n")), run.Errors);
        Assert.That(
            run.Errors,
            Does.Contain("release: skipped the component archive: there is no ocm on PATH. Make it from component-constructor.yaml\n")
                .And.Contain("release: skipped the signature: there is no cosign on PATH\n"));
    }

    [Test]
    public async Task Without_key_and_identity_the_script_says_how_to_sign()
    {
        AddCosign("--key");

        var run = await RunAsync();

        Assert.That(run.Errors, Does.Contain("release: skipped the signature: set COSIGN_KEY\n"));
        Assert.That(_shell.Calls("cosign"), Is.Empty);
    }

    [Test]
    public async Task The_packager_gets_arguments_that_it_knows_with_a_valid_component_name_and_the_versions_of_compiler_and_linker()
    {
        await RunAsync(("COMPONENT", "github.com/Mine/Provider"));

        var arguments = Packed();
        Assert.That(PackCommand.Create().Parse(arguments).Errors, Is.Empty);
        Assert.That(ValueOf(arguments, "--component"), Is.EqualTo("github.com/mine/provider"));
        Assert.That(ValueOf(arguments, "--base"), Is.EqualTo(_shell["base"]));
        Assert.That(ValueOf(arguments, "--base-name"), Is.Empty);
        Assert.That(
            arguments.Where((_, index) => index > 0 && arguments[index - 1] == "--tool"), Does.Contain("gcc=gcc 12.2.0").And.Contain("ld=GNU ld 2.40"));
        Assert.That(arguments, Does.Not.Contain("--released"));
    }

    [TestCase("registry.example.com:5000/base:10.0", "docker://registry.example.com:5000/base:10.0 docker://registry.example.com:5000/base@sha256:4567")]
    [TestCase("registry.example.com:5000/base:10.0@sha256:4567", "docker://registry.example.com:5000/base@sha256:4567")]
    public async Task A_base_image_of_a_registry_is_copied_by_its_digest_which_a_tag_is_resolved_to(string image, string asked)
    {
        _shell.Add("skopeo", "if [ \"$1\" = inspect ]; then echo sha256:4567; else :; fi\n");

        var run = await RunAsync(("BASE_LAYOUT", ""), ("BASE_IMAGE", image));

        Assert.That(run.Code, Is.Zero, run.Errors);
        Assert.That(
            _shell.Calls("skopeo").Select(call => call.Arguments.First(argument => argument.StartsWith("docker://", StringComparison.Ordinal))),
            Is.EqualTo(asked.Split(' ')));
        Assert.That(ValueOf(Packed(), "--base-name"), Is.EqualTo("registry.example.com:5000/base:10.0@sha256:4567"));
    }

    [Test]
    public async Task A_tagged_commit_needs_a_section_of_the_changelog()
    {
        await RunAsync(("TAG", "v0.2.7"));

        Assert.That(Packed(), Does.Contain("--released"));
    }

    [Test]
    public async Task A_tag_that_is_not_the_version_is_an_error()
    {
        var run = await RunAsync(("TAG", "v0.2.8"));

        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Contain("tag v0.2.8 is not v0.2.7"));
    }

    [Test]
    public async Task A_version_is_reproducible_if_two_clones_at_different_paths_make_equal_files()
    {
        AddClones();

        var run = await VerifyAsync(second: "4567");

        Assert.That((run.Code, run.Output), Is.EqualTo((0, $"{Digest}\n")), run.Errors);
        Assert.That(run.Errors, Does.Contain("reproducible: two clones of abc have identical files"));
        var clones = _shell.Calls("git").Where(call => call.Arguments[0] == "clone").Select(call => call.Arguments[^1]).ToList();
        Assert.That(clones, Is.Unique.And.Count.EqualTo(2));
    }

    [Test]
    public async Task A_file_that_two_clones_make_differently_is_named()
    {
        AddClones();

        var run = await VerifyAsync(second: "89ab");

        Assert.That((run.Code, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Errors, Does.Contain("changelog.md").And.Contain("release: not reproducible").And.Not.Contain("image.tar.gz"));
    }

    [Test]
    public async Task A_file_that_was_made_before_and_differs_from_that_of_the_clones_is_named()
    {
        AddClones();
        _shell.Write("output/sha256sums.txt", "0000  image.tar.gz\n4567  changelog.md\n");

        var run = await VerifyAsync(second: "4567");

        Assert.That((run.Code, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Errors, Does.Contain("image.tar.gz").And.Contain($"of {Output} are not those of a clone").And.Not.Contain("changelog.md"));
    }

    // Each clone has a script that makes two files; the second clone makes the second one with the checksum SECOND.
    private void AddClones()
    {
        _shell.Add("release-of-a-clone", $$"""
            mkdir -p "$2"
            case "$0" in */another/*) checksum=$SECOND ;; *) checksum=4567 ;; esac
            printf '%s\n' '0123  image.tar.gz' "$checksum  changelog.md" >"$2/sha256sums.txt"
            echo {{Digest}}

            """);
        _shell.Add("git", """
            case "$1" in
              rev-parse) echo abc ;;
              clone) mkdir -p "$5/scripts" && cp "${0%/*}/release-of-a-clone" "$5/scripts/release" ;;
            esac

            """);
    }

    private Task<(int Code, string Output, string Errors)> VerifyAsync(string second) =>
        RunAsync(["--verify-reproducible", "--output", Output], ("SECOND", second));

    private Task<(int Code, string Output, string Errors)> RunAsync(params (string Name, string Value)[] variables) =>
        RunAsync(["--programs", _shell["programs"], "--output", Output], variables);

    private Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var root = RepositoryRoot.Find();
        return _shell.BashAsync(
            root,
            [Path.Combine(root, "scripts", "release"), .. arguments],
            [("BASE_LAYOUT", _shell["base"]), ("TAG", ""), .. variables]);
    }

    private void AddCosign(string help) => _shell.Add("cosign", $"[ \"$2\" != --help ] || echo '{help}'\n");

    private string[] Signing(string[] flags, string file)
    {
        var path = Path.Combine(Output, file);
        return ["sign-blob", "--yes", .. flags, "--bundle", $"{path}.sigstore.json", path];
    }

    // What follows "--": the arguments of the program that dotnet runs.
    private string[] Packed() => [.. _shell.Calls("dotnet").Single(call => call.Arguments[0] == "run").Arguments.SkipWhile(argument => argument != "--").Skip(1)];

    private static string ValueOf(string[] arguments, string option) => arguments[Array.IndexOf(arguments, option) + 1];
}
