using System.Diagnostics;
using System.Globalization;
using ServiceProviderOcm.Tests.Bench.Attacks;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary><c>churn</c>: creates OCMs and deletes them, 100 at a time. Nothing of them may stay.</summary>
internal static class ChurnBenchmark
{
    private const int Batch = 100;

    // What is allocated once, such as compiled patterns and connections, is there after so many.
    private const int FirstBatches = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const string Entries = "service_provider_ocm_entries";

    // More OCMs of one namespace would wait for each other's statuses.
    private const int BatchesPerNamespace = 10;

    // How often the statuses of a namespace were written is known for less, also when its OCMs are gone.
    private static readonly TimeSpan LimitsReturn = TimeSpan.FromHours(1);

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
            var keys = await fleet.AddAsync($"batch-{batch:000}", Batch, firstNamespace: (batch - 1) / BatchesPerNamespace);
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

        var waited = Stopwatch.StartNew();
        var left = await LeftAsync(run, atStart.Entries);
        while (left.Count > 0 && waited.Elapsed < LimitsReturn)
        {
            await Task.Delay(Pause, TimeProvider.System);
            left = await LeftAsync(run, atStart.Entries);
        }

        await run.IdleAsync(CancellationToken.None);
        var atEnd = run.Anonymous;
        left.ForEach(entry => Console.Error.WriteLine($"bench: {entry.Count} more of {entry.Series} than before"));
        return new BenchmarkResult(
            "churn",
            tenants,
            [
                new Measure("anonymous memory before, MiB", atStart.Memory, 1),
                new Measure($"after {FirstBatches * Batch}", early, 1),
                new Measure($"after {tenants}", atEnd, 1),
                new Measure($"growth since {FirstBatches * Batch}, MiB", Math.Max(0, atEnd - early), 1, "5"),
                new Measure("informers, connections, timers and entries more than before", left.Sum(entry => entry.Count), 0, "0"),
                new Measure("seconds until all of them were back", waited.Elapsed.TotalSeconds),
                new Measure("peak anonymous memory, MiB", run.PeakAnonymous, 1),
            ],
            []);
    }

    // What there is more of than before.
    private static async Task<List<(string Series, double Count)>> LeftAsync(WorkerRun run, Dictionary<string, double> before) =>
    [
        .. (await EntriesAsync(run)).Select(entry => (Series: entry.Key, Count: entry.Value - before.GetValueOrDefault(entry.Key)))
            .Where(entry => entry.Count > 0),
    ];

    private static async Task<Dictionary<string, double>> EntriesAsync(WorkerRun run)
    {
        using var http = new HttpClient { BaseAddress = await run.MetricsUrlAsync() };
        return (await http.GetStringAsync("metrics")).Split('\n')
            .Where(line => line.StartsWith(Entries, StringComparison.Ordinal))
            .Select(line => (Series: line[..line.LastIndexOf(' ')], Value: line[(line.LastIndexOf(' ') + 1)..]))
            .ToDictionary(line => line.Series, line => double.Parse(line.Value, CultureInfo.InvariantCulture));
    }
}
