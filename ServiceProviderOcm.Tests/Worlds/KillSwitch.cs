namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Kills a command right after a number of writes, which the servers have carried out.</summary>
/// <param name="after">The number of writes.</param>
public sealed class KillSwitch(int after)
{
    private int _writes;

    /// <summary>The number of writes.</summary>
    public int Writes => _writes;

    /// <summary>A write was carried out.</summary>
    /// <exception cref="KilledException">It was the last one.</exception>
    public void Written()
    {
        if (Interlocked.Increment(ref _writes) >= after)
        {
            throw new KilledException();
        }
    }
}
