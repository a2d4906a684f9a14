using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Sandbox.Demo.Scenes;
using ServiceProviderOcm.Sandbox.Demo.StandIns;
using ServiceProviderOcm.Sandbox.Demo.View;
using ServiceProviderOcm.Worker.Lifetime;
using Spectre.Console;

namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>The command line.</summary>
internal static class SandboxCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultTimeoutOfScene = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    private static readonly Dictionary<string, FluxBehaviour> FluxNames = new()
    {
        ["works"] = FluxBehaviour.Normal,
        ["fails"] = FluxBehaviour.FailHelm,
        ["silent"] = FluxBehaviour.Silent,
    };

    public static RootCommand Create()
    {
        var exitWhenReady = new Option<bool>("--exit-when-ready") { Description = "Exit with code 0 as soon as all OCMs are Ready, or the scene has ended" };
        var timeout = new Option<TimeSpan>("--timeout")
        {
            HelpName = "DURATION",
            Description = "With --exit-when-ready: exit with code 1 after this time (default: 60s; with --scene, 180s)",
            CustomParser = ParseDuration,
        };
        var plain = new Option<bool>("--plain") { Description = "Print lines instead of a table, also on a terminal" };
        var flux = new Option<string>("--flux")
        {
            HelpName = string.Join('|', FluxNames.Keys),
            Description = "Behaviour of the stand-in for Flux",
            DefaultValueFactory = _ => "works",
        }.AcceptOnlyFromAmong([.. FluxNames.Keys]);
        var scene = new Option<string>("--scene")
        {
            HelpName = string.Join('|', Scene.All.Select(known => known.Name)),
            Description = "Play a scene with comments, once all OCMs are Ready:\n"
                + string.Join('\n', Scene.All.Select(known => $"{known.Name}: {known.Summary}")),
        }.AcceptOnlyFromAmong([.. Scene.All.Select(known => known.Name)]);
        var picture = new Option<string>("--picture") { HelpName = "FILE", Description = "With --scene and --exit-when-ready: write the scene to an SVG file" };
        var command = new RootCommand("Run the controller on a platform with three tenants, inside this process")
        {
            exitWhenReady, timeout, plain, flux, scene, picture,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(timeout) is not null && !result.GetValue(exitWhenReady))
            {
                result.AddError("--timeout requires --exit-when-ready.");
            }

            if (result.GetResult(picture) is not null && (!result.GetValue(exitWhenReady) || result.GetResult(scene) is null))
            {
                result.AddError("--picture requires --scene and --exit-when-ready.");
            }

            if (result.GetResult(scene) is not null && result.GetResult(flux) is { Implicit: false })
            {
                result.AddError("--scene requires a Flux that works: remove --flux.");
            }
        });
        command.SetAction((result, cancellationToken) =>
        {
            var isScripted = result.GetValue(exitWhenReady);
            var played = Scene.All.FirstOrDefault(known => known.Name == result.GetValue(scene));
            var defaultLimit = played is null ? DefaultTimeout : DefaultTimeoutOfScene;
            TimeSpan? limit = !isScripted ? null : result.GetResult(timeout) is null ? defaultLimit : result.GetValue(timeout);
            return RunAsync(
                new SandboxSettings(
                    isScripted, limit, result.GetValue(plain), FluxNames[result.GetValue(flux)!], played, result.GetValue(picture)),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(SandboxSettings settings, CancellationToken cancellationToken)
    {
        using var interrupt = new Interrupt(cancellationToken, PosixSignal.SIGHUP);
        return await new SandboxRun(settings, ViewFor(settings), Console.Error, TimeProvider.System).RunAsync(interrupt.Token);
    }

    private static IView ViewFor(SandboxSettings settings)
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        var mayBeLive = !settings.IsPlain
            && !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return mayBeLive && AnsiConsole.Profile.Capabilities.Ansi ? new LiveView(AnsiConsole.Console) : new PlainView(Console.Out);
    }

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (!GoDuration.TryParse(text, out var duration) || duration > LongestTimeout)
        {
            result.AddError($"--timeout \"{text}\" is not a duration of up to {LongestTimeout.TotalHours}h, such as 60s.");
        }

        return duration;
    }
}
