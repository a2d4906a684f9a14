using System.CommandLine;
using System.CommandLine.Invocation;
using ServiceProviderOcm.Worker;
using ServiceProviderOcm.Worker.CommandLine;

var root = new RootCommand("Offers the OCM K8s Toolkit to the tenants of an openMCP platform")
{
    InitCommand.Create(),
    RunCommand.Create(),
    VersionCommand.Create(),
};
var result = root.Parse(args);
if (result.Action is ParseErrorAction misread)
{
    misread.ShowHelp = false;
    await result.InvokeAsync();
    await Console.Error.WriteLineAsync("See --help.");
    return ExitCodes.Usage;
}

return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
