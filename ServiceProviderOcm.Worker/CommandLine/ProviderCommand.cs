using System.CommandLine;
using System.CommandLine.Invocation;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>The whole command line.</summary>
internal static class ProviderCommand
{
    private static readonly InvocationConfiguration Configuration = new() { ProcessTerminationTimeout = null };
    private static readonly InvocationConfiguration OnError = new() { Output = Console.Error };

    public static RootCommand Create() => new("Offers the OCM K8s Toolkit to the tenants of an openMCP platform")
    {
        InitCommand.Create(),
        RunCommand.Create(),
        CheckCommand.Create(),
        StatusCommand.Create(),
        RenderCommand.Create(),
        CleanupCommand.Create(),
        MigrateCommand.Create(),
        VersionCommand.Create(),
    };

    /// <summary>Runs a command line.</summary>
    /// <returns>The process' exit code.</returns>
    public static Task<int> InvokeAsync(IReadOnlyList<string> arguments) => InvokeAsync(Create(), arguments);

    /// <summary>Runs a command line of other commands.</summary>
    /// <param name="command">The commands. They handle signals themselves.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand command, IReadOnlyList<string> arguments)
    {
        var result = command.Parse(arguments);
        if (result.Action is not ParseErrorAction misread)
        {
            return await result.InvokeAsync(Configuration);
        }

        misread.ShowHelp = false;
        await result.InvokeAsync(OnError);
        await Console.Error.WriteLineAsync("See --help.");
        return ExitCodes.Usage;
    }
}
