using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Sandbox.Demo.Scenes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>The built program.</summary>
[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class SandboxProgramTests : IDisposable
{
    private static readonly string[] Tenants =
        ["project-orchard--ws-dev/mcp-01", "project-orchard--ws-prod/mcp-01", "project-harbour--ws-dev/docks"];

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Test]
    public async Task Three_OCMs_become_Ready_and_all_files_are_deleted()
    {
        await using var sandbox = Start("--exit-when-ready");

        Assert.That(await sandbox.EndAsync(), Is.Zero);
        foreach (var tenant in Tenants)
        {
            Assert.That(sandbox.Output, Has.Some.Match($@"{tenant} +AccessRequest +Granted"));
            Assert.That(sandbox.Output, Has.Some.Match($@"{tenant} +OCIRepository +Ready"));
            Assert.That(sandbox.Output, Has.Some.Match($@"{tenant} +HelmRelease +Ready"));
            Assert.That(sandbox.Output, Has.Some.Match($@"{tenant} +OCM +Ready +ReconcileSuccess"));
        }

        Assert.That(sandbox.Output.Last(), Does.StartWith("All 3 OCMs are Ready"));
        Assert.That(sandbox.Errors, Is.Empty);
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Every_suggested_command_works_and_Ctrl_C_stops_the_sandbox()
    {
        await using var sandbox = Start();
        await sandbox.LogsAsync("Ctrl+C stops the sandbox");
        var commands = sandbox.Output.Where(line => line.Contains(" --kubeconfig ", StringComparison.Ordinal)
            || line.Contains("-kubeconfig ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();

        foreach (var command in commands.Where(command => command.StartsWith("kubectl ", StringComparison.Ordinal)))
        {
            // A watch would never end, and an editor would wait for input.
            var arguments = command.Split(' ')[1..].Where(word => word != "--watch").ToArray();
            var result = await Kubectl.RunAsync(arguments, new Dictionary<string, string?>
            {
                ["KUBE_EDITOR"] = "sed -i.bak 's/interval: 1m/interval: 9m/'",
                ["TMPDIR"] = _temporary.Root,
            });
            Assert.That(result.Code, Is.Zero, $"{command}: {result.Errors}");
            if (command.Contains(" edit ", StringComparison.Ordinal))
            {
                await sandbox.LogsAsync("spec.interval, by another field manager");
                await sandbox.LogsAsync("spec.interval, by the controller");
            }
            else if (command.Contains(" delete ocm ", StringComparison.Ordinal))
            {
                await sandbox.LogsAsync("RepositoriesExist");
            }
            else if (command.Contains(" delete --filename", StringComparison.Ordinal))
            {
                await Eventually.Async(
                    () => sandbox.Output.Any(line => Regex.IsMatch(line, $"{Tenants[0]} +OCM +Gone")), "the OCM is gone");
            }
        }

        foreach (var command in commands.Where(command => command.Contains("dotnet run", StringComparison.Ordinal)))
        {
            var environment = command.Split(' ').TakeWhile(word => word.Contains('=', StringComparison.Ordinal))
                .ToDictionary(word => word.Split('=')[0], string? (word) => word.Split('=')[1]);
            await using var worker = WorkerProcess.Start(command.Split(" -- ")[1].Split(' '), environment);
            Assert.That(await worker.EndAsync(), Is.Zero, command);
        }

        Assert.That(commands, Has.Count.EqualTo(10));
        Assert.That(await sandbox.InterruptAsync(), Is.Zero);
        AssertNothingIsLeft();
    }

    [Test]
    public async Task A_signal_before_all_OCMs_are_Ready_is_an_error_only_with_exit_when_ready()
    {
        await using var watched = Start("--flux=silent");
        await watched.LogsAsync("OCIRepositoryNotReady");
        Assert.That(await watched.TerminateAsync(), Is.Zero);

        await using var awaited = Start("--exit-when-ready", "--flux=fails", "--timeout=1h");
        foreach (var tenant in Tenants)
        {
            await Eventually.Async(
                () => awaited.Output.Any(line => Regex.IsMatch(line, $"{tenant} +OCM +Progressing +HelmReleaseFailed.*deadline")),
                $"{tenant} is not Ready");
        }

        Assert.That(await awaited.InterruptAsync(), Is.EqualTo(1));
        Assert.That(awaited.Errors.First(), Is.EqualTo("Interrupted before all OCMs were Ready."));
        foreach (var tenant in Tenants)
        {
            Assert.That(awaited.Errors, Has.Some.Match($"{tenant}  Progressing  HelmReleaseFailed  .*deadline"));
        }

        AssertNothingIsLeft();
    }

    [Test]
    public async Task A_scene_is_played_and_its_picture_is_that_of_the_README()
    {
        var picture = Path.Combine(_temporary.Root, "picture.svg");
        await using var sandbox = Start("--scene=bad-value", "--exit-when-ready", $"--picture={picture}");

        Assert.That(await sandbox.EndAsync(), Is.Zero);
        Assert.That(sandbox.Output, Has.Some.Match(@"ProviderConfig +Stalled +ProgressDeadlineExceeded"));
        Assert.That(sandbox.Errors, Is.Empty);
        Assert.That(
            await File.ReadAllLinesAsync(picture),
            Is.EqualTo(await File.ReadAllLinesAsync(Path.Combine(RepositoryRoot.Find(), "docs", "images", "sandbox.svg"))),
            "Run scripts/screenshot, and check the picture.");
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Every_command_that_a_scene_shows_or_suggests_works_with_kubectl()
    {
        await using var sandbox = Start();
        var commands = await Task.WhenAll(Scene.All.Select(async scene =>
        {
            await using var played = Start($"--scene={scene.Name}", "--exit-when-ready");
            Assert.That(await played.EndAsync(), Is.Zero, scene.Name);
            return played.Output.Select(line => line.Trim().TrimStart('$', ' '))
                .Where(line => line.StartsWith("kubectl --kubeconfig ", StringComparison.Ordinal)).ToList();
        }));
        await sandbox.LogsAsync("Ctrl+C stops the sandbox");
        var folder = Regex.Match(string.Join('\n', sandbox.Output), "DIR=\"(.*)\"").Groups[1].Value;

        foreach (var command in commands.SelectMany(each => each))
        {
            var words = Regex.Matches(command.Replace("$DIR", folder, StringComparison.Ordinal), "'[^']*'|[^ ]+").Select(word => word.Value.Trim('\''));
            var result = await Kubectl.RunAsync([.. words.Skip(1)], new Dictionary<string, string?>());
            Assert.That(result.Code, Is.Zero, $"{command}: {result.Errors}");
        }

        Assert.That(commands.Select(each => each.Count), Is.All.GreaterThanOrEqualTo(2));
        Assert.That(await sandbox.InterruptAsync(), Is.Zero);
    }

    [Test]
    public async Task Ctrl_C_stops_a_scene()
    {
        await using var sandbox = Start("--scene=block-deletion");
        await sandbox.LogsAsync("Scene block-deletion:");

        Assert.That(await sandbox.InterruptAsync(), Is.Zero);
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Help_lists_the_scenes_with_what_they_show()
    {
        await using var sandbox = Start("--help");

        Assert.That(await sandbox.EndAsync(), Is.Zero);
        foreach (var name in (string[])["install", "rotate-secret", "break-flux", "block-deletion", "bad-value"])
        {
            Assert.That(sandbox.Output, Has.Some.Match($"{name}: [A-Z]"));
        }
    }

    [Test]
    public async Task Each_cluster_is_listed_with_its_address_and_kubeconfig()
    {
        await using var sandbox = Start("--exit-when-ready");

        Assert.That(await sandbox.EndAsync(), Is.Zero);
        Assert.That(sandbox.Output, Has.Some.Match("DIR=\".*ocm-sandbox-"));
        foreach (var name in (string[])["platform", "onboarding", "mcp"])
        {
            Assert.That(sandbox.Output, Has.Some.Match($@"^  \$DIR/{name}\.yaml +https://127\.0\.0\.1:[0-9]+  "));
        }
    }

    [Test]
    public async Task A_timeout_reports_the_OCMs_that_are_not_Ready()
    {
        await using var sandbox = Start("--exit-when-ready", "--timeout=0s");

        Assert.That(await sandbox.EndAsync(), Is.EqualTo(1));
        Assert.That(sandbox.Errors.First(), Is.EqualTo("Not all OCMs are Ready within 0 s:"));
        foreach (var tenant in Tenants)
        {
            Assert.That(sandbox.Errors, Has.Some.Contain(tenant));
        }

        AssertNothingIsLeft();
    }

    [TestCase("--no-such-option", "--no-such-option")]
    [TestCase("--timeout=10s", "--timeout requires --exit-when-ready")]
    [TestCase("--exit-when-ready --timeout=soon", "--timeout \"soon\" is not a duration")]
    [TestCase("--exit-when-ready --timeout=1000h", "--timeout \"1000h\" is not a duration")]
    [TestCase("--flux=sometimes", "'sometimes'")]
    [TestCase("--scene=any", "'any' not recognized. Must be one of:")]
    [TestCase("--scene=any", "'bad-value'")]
    [TestCase("--scene=install --flux=fails", "--scene requires a Flux that works: remove --flux.")]
    [TestCase("--scene=install --picture=x.svg", "--picture requires --scene and --exit-when-ready.")]
    [TestCase("--exit-when-ready --picture=x.svg", "--picture requires --scene and --exit-when-ready.")]
    public async Task A_wrong_command_line_is_reported_with_its_cause_and_a_hint_to_help(string arguments, string cause)
    {
        await using var sandbox = Start(arguments.Split(' '));

        Assert.That(await sandbox.EndAsync(), Is.EqualTo(2));
        Assert.That(string.Join('\n', sandbox.Errors), Does.Contain(cause).And.EndWith("See --help."));
        Assert.That(sandbox.Output, Is.Empty);
    }

    [Test]
    public async Task An_error_at_start_is_reported_in_one_line()
    {
        await using var sandbox = WorkerProcess.StartSandbox(
            ["--exit-when-ready"], new Dictionary<string, string?> { ["TMPDIR"] = "/does/not/exist" });

        Assert.That(await sandbox.EndAsync(), Is.EqualTo(1));
        Assert.That(sandbox.Errors, Has.Count.EqualTo(1).And.Some.Contains("/does/not/exist"));
    }

    private WorkerProcess Start(params string[] arguments) =>
        WorkerProcess.StartSandbox(arguments, new Dictionary<string, string?> { ["TMPDIR"] = _temporary.Root });

    // The runtime has files of its own there, for diagnostics.
    private void AssertNothingIsLeft() => Assert.That(Directory.GetDirectories(_temporary.Root, "ocm-sandbox-*"), Is.Empty);
}
