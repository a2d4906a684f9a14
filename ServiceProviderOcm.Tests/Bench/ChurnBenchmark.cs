using System.Globalization;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Bench.Attacks;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary><c>churn</c>: creates OCMs and deletes them, 100 at a time. Nothing of them may stay.</summary>
internal static class ChurnBenchmark
{
    private const int Batch = 100;

    // What is allocated once, such as compiled patterns and connections, is there after so many.
    private const int FirstBatches = 5;

    private const string Entries = "service_provider_ocm_entries";

    // How often something was done for an OCM is known for as long, also when it is gone.
    private static readonly TimeSpan LimitsReturn = ReportPace.OcmBurst * ReportPace.OcmInterval;

    public static async Task<BenchmarkResult> RunAsync(int tenants)
    {
        await using var fleet = await Fleet.CreateAsync(withControlPlaneObjects: true);
        await using var run = WorkerRun.Start(
            fleet.World, new Dictionary<string, string?>(), "--metrics-bind-address=127.0.0.1:0", "--metrics-secure=false");
        await run.ReadyAsync();
        await run.IdleAsync(CancellationToken.None);
        var atStart = (Memory: run.Anonymous, Entries: await EntriesAsync(run));
        var early = atStart.Memory;
        for (var batch = 1; batch <= tenants / Batch; batch++)
        {
            var keys = await fleet.AddAsync($"batch-{batch:000}", Batch);
            await fleet.ReadyAsync(Batch);
            await Arena.ForEachAsync(keys, fleet.World.DeleteOcmAsync);
            await Fleet.WaitAsync(
                async () => (await fleet.World.Onboarding.Api.ListAsync(fleet.World.Api.Ocm, new(Limit: 1), default)).Items.Count == 0);
            await fleet.RemoveAllAsync();
            if (batch is FirstBatches)
            {
                await run.IdleAsync(CancellationToken.None);
                early = run.Anonymous;
            }
        }

        await Task.Delay(LimitsReturn, TimeProvider.System);
        await run.IdleAsync(CancellationToken.None);
        var atEnd = (Memory: run.Anonymous, Entries: await EntriesAsync(run));
        var left = atEnd.Entries.Where(entry => entry.Value > atStart.Entries.GetValueOrDefault(entry.Key)).ToList();
        left.ForEach(entry => Console.Error.WriteLine($"bench: {entry.Value} entries {entry.Key}, {atStart.Entries.GetValueOrDefault(entry.Key)} before"));
        return new BenchmarkResult(
            "churn",
            tenants,
            [
                new Measure("anonymous memory before, MiB", atStart.Memory, 1),
                new Measure($"after {FirstBatches * Batch}", early, 1),
                new Measure($"after {tenants}", atEnd.Memory, 1),
                new Measure($"growth since {FirstBatches * Batch}, MiB", Math.Max(0, atEnd.Memory - early), 1, "5"),
                new Measure("informers, connections, timers and entries more than before", left.Sum(entry => entry.Value - atStart.Entries.GetValueOrDefault(entry.Key)), 0, "0"),
                new Measure("peak anonymous memory, MiB", run.PeakAnonymous, 1),
            ],
            []);
    }

    private static async Task<Dictionary<string, double>> EntriesAsync(WorkerRun run)
    {
        using var http = new HttpClient { BaseAddress = await run.MetricsUrlAsync() };
        return (await http.GetStringAsync("metrics")).Split('\n')
            .Where(line => line.StartsWith(Entries, StringComparison.Ordinal))
            .Select(line => (Series: line[..line.LastIndexOf(' ')], Value: line[(line.LastIndexOf(' ') + 1)..]))
            .ToDictionary(line => line.Series, line => double.Parse(line.Value, CultureInfo.InvariantCulture));
    }
}
