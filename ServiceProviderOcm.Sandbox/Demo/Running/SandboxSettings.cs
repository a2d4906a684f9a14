using ServiceProviderOcm.Sandbox.Demo.Scenes;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>The options of the command line.</summary>
/// <param name="ExitWhenReady">Whether the sandbox exits when all OCMs are Ready, and the scene has ended.</param>
/// <param name="TimeLimit">The time limit for that, from the start of the program; null: none.</param>
/// <param name="IsPlain">Whether to print lines, also on a terminal.</param>
/// <param name="Flux">The behaviour of the stand-in for Flux.</param>
/// <param name="Scene">The scene to play; null for none.</param>
/// <param name="Picture">The file for a picture of what is shown; null for none.</param>
internal sealed record SandboxSettings(
    bool ExitWhenReady, TimeSpan? TimeLimit, bool IsPlain, FluxBehaviour Flux, Scene? Scene = null, string? Picture = null);
