using System.Text.RegularExpressions;
using NUnit.Framework;
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
