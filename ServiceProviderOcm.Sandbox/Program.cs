using ServiceProviderOcm.Sandbox.Running;
using ServiceProviderOcm.Worker.CommandLine;

return await ProviderCommand.InvokeAsync(SandboxCommand.Create(), args);
