namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>What happens on the platform once all OCMs are Ready. At its end, they are again.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Summary">What it shows, in one line.</param>
/// <param name="PlayAsync">Its steps.</param>
internal sealed record Scene(string Name, string Summary, Func<Stage, Task> PlayAsync)
{
    /// <summary>All scenes.</summary>
    public static IReadOnlyList<Scene> All { get; } =
    [
        new("install", "Install the toolkit for a new tenant, and upgrade it", InstallScene.PlayAsync),
        new("rotate-secret", "Rotate the image pull secret of all tenants", RotateSecretScene.PlayAsync),
        new("break-flux", "Upgrade a tenant while Flux does not run", BreakFluxScene.PlayAsync),
        new("block-deletion", "Delete an OCM that is in use", BlockDeletionScene.PlayAsync),
        new("bad-value", "Roll out a bad value, which stalls at the canary, and revert it", BadValueScene.PlayAsync),
    ];
}
