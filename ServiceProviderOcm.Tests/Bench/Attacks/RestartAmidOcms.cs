namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>The Worker starts while the OCMs of the attack before exist.</summary>
internal sealed class RestartAmidOcms(string name) : Attack(name)
{
    public override bool PrecedesWorker => true;

    protected override Task BeginAsync(Arena arena) => Task.CompletedTask;

    protected override Task CleanAsync(Arena arena) => arena.RemoveAllAsync();
}
