using System.Collections.Concurrent;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// Runs a scenario without a disturbance, then once for each disturbance, and compares: each step ends in the same state, and the rules
/// hold at each write.
/// </summary>
internal sealed class Exploration
{
    // Set to a part of a disturbance's name, as a failure prints it, to replay that one.
    private const string Only = "FAULTS_ONLY";

    private const int MostAttempts = 3;

    // So many that a point which occurs in half of the runs, and by chance in all undisturbed ones, occurs in one of them.
    private const int MostSteadyAttempts = 20;
    private const int MostSettled = 10;
    private const int UndisturbedRuns = 3;

    private readonly Scenario _scenario;
    private readonly Snapshot _start;
    private readonly IReadOnlyList<EndState> _ends;
    private readonly IReadOnlySet<string> _steady;
    private readonly IReadOnlyList<string> _requests;
    private readonly IReadOnlyList<string> _events;
    private readonly ConcurrentQueue<Disturbance> _missed = [];

    private Exploration(Scenario scenario, Snapshot start, IReadOnlyList<Run> undisturbed)
    {
        _scenario = scenario;
        _start = start;
        _ends = undisturbed[0].Ends;
        _requests = [.. undisturbed.SelectMany(run => run.Trace.Requests).Distinct()];
        _events = [.. undisturbed.SelectMany(run => run.Trace.Events).Distinct()];
        _steady = undisturbed.Select(run => run.Trace.Points).Aggregate((one, other) => one.Intersect(other)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Prepares a scenario.</summary>
    public static async Task<Exploration> OfAsync(Scenario scenario)
    {
        await using var world = await FaultWorld.CreateAsync(new Trace(null), hasWatchList: scenario.HasWatchList);
        await world.StartAsync();
        foreach (var step in scenario.Setup)
        {
            await world.StepAsync(step);
        }

        await world.StopAsync();
        var start = world.ToSnapshot();
        List<Run> undisturbed = [];
        for (var run = 0; run < UndisturbedRuns; run++)
        {
            undisturbed.Add(await RunAsync(scenario, start, new Trace(null), undisturbed.Count == 0 ? [] : undisturbed[0].Ends));
            Assert.That(undisturbed[run].Errors, Is.Empty, $"{scenario}, undisturbed:\n{string.Join('\n', undisturbed[run].Trace.Log)}");
        }

        return new Exploration(scenario, start, undisturbed);
    }

    /// <summary>Runs the scenario with each of the disturbances, and fails with those that make a difference.</summary>
    /// <param name="kinds">The kinds of disturbances.</param>
    /// <param name="every">Of the points, every so many-th; 1 for all.</param>
    public async Task ExploreAsync(IReadOnlyCollection<DisturbanceKind> kinds, int every = 1)
    {
        var only = Environment.GetEnvironmentVariable(Only) ?? "";
        var disturbances = kinds
            .SelectMany(kind => (Disturbance.OfRequests.Contains(kind) ? _requests : _events)
                .Where((_, index) => index % every == every / 2)
                .Select(point => new Disturbance(kind, point)))
            .Where(disturbance => $"{_scenario}: {disturbance}".Contains(only, StringComparison.Ordinal))
            .ToList();
        ConcurrentQueue<string> failures = [];
        await Parallel.ForEachAsync(
            disturbances,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (disturbance, _) =>
            {
                if (await FailureOfAsync(disturbance) is { } failure)
                {
                    failures.Enqueue(failure);
                }
            });
        var missed = _missed.ToLookup(disturbance => _steady.Contains(disturbance.Point));
        await TestContext.Out.WriteLineAsync(
            $"{_scenario}: {disturbances.Count} disturbances, {failures.Count} failures, {_missed.Count} that did not happen, as their point "
            + $"is not in each run{string.Concat(missed[false].Select(disturbance => $"\n  {disturbance}"))}");
        Assert.That(failures, Is.Empty, string.Join("\n\n", failures.Take(5)));
        Assert.That(missed[true], Is.Empty, $"{_scenario}: the points of all undisturbed runs occur");
    }

    private async Task<string?> FailureOfAsync(Disturbance disturbance)
    {
        // Not every point occurs in every run: a view that is not needed any more may end before its next request, states in between may be
        // merged, and a step that was repeated may succeed at once.
        Run run;
        var (attempts, most) = (0, _steady.Contains(disturbance.Point) ? MostSteadyAttempts : MostAttempts);
        do
        {
            run = await RunAsync(_scenario, _start, new Trace(disturbance), _ends);
            attempts++;
        }
        while (!run.Trace.IsDisturbed && run.Errors.Count == 0 && attempts < most);
        if (!run.Trace.IsDisturbed && run.Errors.Count == 0)
        {
            _missed.Enqueue(disturbance);
        }

        var errors = run.Errors;
        return errors.Count == 0
            ? null
            : $"{_scenario}: {disturbance}\n{string.Join('\n', errors)}\n  run ({Only}=\"{_scenario}: {disturbance}\" repeats it):\n    "
                + string.Join("\n    ", run.Trace.Log);
    }

    private static async Task<Run> RunAsync(Scenario scenario, Snapshot start, Trace trace, IReadOnlyList<EndState> expected)
    {
        await using var world = FaultWorld.From(start, trace);
        List<string> errors = [];
        List<EndState> ends = [];
        try
        {
            await world.StartAsync();
            trace.Start();
            for (var step = 0; step < scenario.Steps.Count; step++)
            {
                trace.Note($"step {step + 1}");
                world.Rules.Expected = expected.ElementAtOrDefault(step);
                await world.StepAsync(scenario.Steps[step]);
                var (end, difference) = await EndAsync(world, expected.ElementAtOrDefault(step));
                ends.Add(end);
                if (difference.Length > 0)
                {
                    errors.Add($"step {step + 1} ends differently:\n{difference}");
                }
            }
        }
        catch (Exception exception)
        {
            errors.Add($"{exception}");
        }

        errors.AddRange(world.Rules.Violations);
        errors.AddRange(world.TouchedForeignObjects(start));
        return new Run(trace, ends, errors);
    }

    // On a busy machine, what has yet to go on may seem idle.
    private static async Task<(EndState End, string Difference)> EndAsync(FaultWorld world, EndState? expected)
    {
        var (end, difference) = Compared();
        for (var settled = 1; settled < MostSettled && (expected is null || difference.Length > 0); settled++)
        {
            await world.SettleAsync();
            (end, difference) = Compared();
        }

        return (end, difference);

        (EndState End, string Difference) Compared()
        {
            var now = new EndState(world.Clusters);
            return (now, expected?.Difference(now) ?? "");
        }
    }

    /// <summary>How a run went.</summary>
    /// <param name="Trace">What happened.</param>
    /// <param name="Ends">The state after each step.</param>
    /// <param name="Errors">What is wrong.</param>
    internal sealed record Run(Trace Trace, IReadOnlyList<EndState> Ends, IReadOnlyList<string> Errors);
}
