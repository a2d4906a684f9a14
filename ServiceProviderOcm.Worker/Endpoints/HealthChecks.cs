using System.Collections.Immutable;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>The current health checks; each part of the program adds its own. Thread-safe.</summary>
public sealed class HealthChecks
{
    private ImmutableList<HealthCheck> _all = [];

    /// <summary>Adds checks; disposing the returned value removes them.</summary>
    public IDisposable Add(params IReadOnlyCollection<HealthCheck> checks)
    {
        ImmutableInterlocked.Update(ref _all, all => all.AddRange(checks));
        return new Removal(() => ImmutableInterlocked.Update(ref _all, all => all.RemoveRange(checks)));
    }

    /// <summary>The checks for a probe, in the order in which they were added.</summary>
    public IReadOnlyList<HealthCheck> Of(Probe probe) => [.. Volatile.Read(ref _all).Where(check => check.Probe == probe)];

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
