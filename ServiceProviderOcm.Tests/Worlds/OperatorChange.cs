namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>A change of a ServiceProvider's spec.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fields">The fields, as JSON; null removes one.</param>
/// <param name="Effect">Whether a process of <c>run</c> shows it; null for a change that shows in none.</param>
public sealed record OperatorChange(string Name, string Fields, Func<WorkerProcess, bool>? Effect = null)
{
    public override string ToString() => Name;
}
