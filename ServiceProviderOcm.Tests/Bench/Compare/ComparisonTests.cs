using System.Diagnostics;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench.Compare;

public sealed class ComparisonTests
{
    [TestCase(new string[0], 200, 120, "of unknown version")]
    [TestCase(new[] { "20", "5", "--go-version", "v0.4.0" }, 20, 5, "v0.4.0")]
    [TestCase(new[] { "--go-version", "v0.4.0", "20" }, 20, 120, "v0.4.0")]
    public void The_command_line_is_read(string[] commandLine, int tenants, int seconds, string version)
    {
        Assert.That(ComparisonArguments.TryParse(commandLine, out var arguments), Is.True);
        Assert.That(
            (arguments!.Tenants, arguments.Idle.TotalSeconds, arguments.GoVersion), Is.EqualTo((tenants, (double)seconds, version)));
    }

    [TestCase("x")]
    [TestCase("0")]
    [TestCase("1", "2", "3")]
    [TestCase("--file")]
    public async Task A_wrong_command_line_is_an_error_with_the_right_form(params string[] commandLine)
    {
        using var errors = new StringWriter();

        Assert.That(await Comparison.RunAsync(new PeerBinaries(null), commandLine, errors, CancellationToken.None), Is.EqualTo(2));
        Assert.That(errors.ToString(), Does.StartWith("usage: compare"));
    }

    [Test]
    public async Task Without_the_Go_provider_the_message_names_it_and_the_variable()
    {
        using var errors = new StringWriter();

        Assert.That(await Comparison.RunAsync(new PeerBinaries(null), [], errors, CancellationToken.None), Is.EqualTo(Comparison.Unavailable));
        Assert.That(errors.ToString(), Does.StartWith("compare: PEERS_BIN is not set: service-provider-ocm required."));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task The_script_exits_before_it_builds_anything_if_the_Go_provider_is_missing()
    {
        var root = RepositoryRoot.Find();
        using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(root, "scripts", "compare")])
        {
            RedirectStandardError = true,
            Environment = { ["PEERS_BIN"] = root },
        })!;
        var error = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.That((script.ExitCode, error.Trim()), Is.EqualTo((
            Comparison.Unavailable,
            $"compare: no program service-provider-ocm in PEERS_BIN ({root}). Put the Go provider's program into a folder, and set PEERS_BIN to it")));
    }

    [Test]
    public void The_table_has_a_row_per_figure_in_both_columns()
    {
        var slow = new ProviderFigures
        {
            AllReady = TimeSpan.FromSeconds(359.8),
            PerTenant = (29.1, 8),
            IdlePerTenantHour = 420,
            DriftReverted = TimeSpan.FromSeconds(44),
            DeletionReverted = TimeSpan.FromSeconds(120),
            CopiesLeft = 200,
            PeakMemory = (60, 41.5),
            Cpu = TimeSpan.FromSeconds(36),
        };
        var fast = new ProviderFigures { AllReady = TimeSpan.FromSeconds(24.1), DriftReverted = TimeSpan.FromMilliseconds(54) };

        var lines = ComparisonTable.Render("Measured today.", 200, slow, fast).Split('\n');

        Assert.That(lines[0], Is.EqualTo("Measured today."));
        Assert.That(lines, Has.Member("| all Ready | 359.8 s | 24.1 s |"));
        Assert.That(lines, Has.Member("| reads / writes per tenant until then | 29.1 / 8.0 | 0.0 / 0.0 |"));
        Assert.That(
            lines, Has.Member("| drift of a `HelmRelease` reverted / a deleted `OCIRepository` created again | 44.0 s / 120.0 s | 54 ms / 0 ms |"));
        Assert.That(lines, Has.Member("| 200 deleted | 0 ms, 200 Secret copies left | 0 ms, 0 Secret copies left |"));
        Assert.That(lines, Has.Member("| peak memory, resident / anonymous | 60.0 MiB / 41.5 MiB | 0.0 MiB / 0.0 MiB |"));
        Assert.That(lines.Skip(2), Is.All.Matches<string>(line => line!.Split('|').Length == 5));
    }

    [Test]
    public void Only_what_is_between_the_markers_is_replaced() => Assert.That(
        MarkedSection.Replace($"before\n{MarkedSection.Begin}\nold\n{MarkedSection.End}\nafter\n", "new"),
        Is.EqualTo($"before\n{MarkedSection.Begin}\n\nnew\n\n{MarkedSection.End}\nafter\n"));

    [TestCase("no markers")]
    [TestCase(MarkedSection.End + MarkedSection.Begin)]
    [TestCase(MarkedSection.Begin + MarkedSection.Begin + MarkedSection.End)]
    public void A_document_without_the_markers_is_not_written(string document) =>
        Assert.That(() => MarkedSection.Replace(document, "new"), Throws.InvalidOperationException);

    [Test]
    public void The_document_of_the_comparison_has_the_markers()
    {
        var document = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "comparison.md"));

        Assert.That(MarkedSection.Replace(document, "new"), Does.Contain("\nnew\n"));
    }
}
