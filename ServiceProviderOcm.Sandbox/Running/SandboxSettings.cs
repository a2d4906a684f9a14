using ServiceProviderOcm.Sandbox.StandIns;

namespace ServiceProviderOcm.Sandbox.Running;

/// <summary>What the command line asks for.</summary>
/// <param name="ExitWhenReady">Whether the sandbox ends when all OCMs are Ready.</param>
/// <param name="TimeLimit">How long they may take, from the start of the program; null if nobody waits for it.</param>
/// <param name="IsPlain">Whether there are only lines, even on a terminal.</param>
/// <param name="Flux">How Flux's stand-in fares.</param>
internal sealed record SandboxSettings(bool ExitWhenReady, TimeSpan? TimeLimit, bool IsPlain, FluxBehaviour Flux);
