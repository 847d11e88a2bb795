# shell_runner.ps1 STATE BLOCK: runs the block with the folder and the environment that the last one left.
param([string]$State, [string]$Block)
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$OutputEncoding = [Text.Encoding]::UTF8
if (Test-Path -LiteralPath $State) {
  $kept = Get-Content -LiteralPath $State -Raw -Encoding UTF8 | ConvertFrom-Json
  foreach ($item in $kept.environment.PSObject.Properties) { Set-Item -LiteralPath "env:$($item.Name)" -Value $item.Value }
  Set-Location -LiteralPath $kept.folder
}
$code = 0
try {
  $global:LASTEXITCODE = 0
  . $Block
  if (-not $?) { $code = 1 }
  if ($LASTEXITCODE) { $code = $LASTEXITCODE }
} catch {
  $_ | Out-String | Write-Host
  $code = 1
} finally {
  $environment = @{}
  Get-ChildItem env: | ForEach-Object { $environment[$_.Name] = $_.Value }
  @{ folder = (Get-Location).ProviderPath; environment = $environment } | ConvertTo-Json |
    Set-Content -LiteralPath $State -Encoding UTF8
}
exit $code
